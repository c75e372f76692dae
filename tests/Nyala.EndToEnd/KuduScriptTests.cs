using System.Diagnostics;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>Scripts that the npm package <c>kuduscript</c> generates are pushed unchanged and deploy with the npm package <c>kudusync</c>.</summary>
public sealed class KuduScriptTests : IAsyncLifetime
{
    private readonly Machine _machine = new();
    private Developer _developer = null!;

    /// <summary>The folder in which npm installed the programs of the packages.</summary>
    private static string Programs => SourceTree.PathOf("tests", "Nyala.EndToEnd", "node", "node_modules", ".bin");

    public async ValueTask InitializeAsync()
    {
        _developer = await Developer.StartAsync();
        _machine.Variables["PATH"] = $"{Programs}:{Environment.GetEnvironmentVariable("PATH")}";
    }

    public ValueTask DisposeAsync()
    {
        _machine.Dispose();
        _developer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("--basic")]
    [InlineData("--node")]
    public async Task A_generated_script_deploys_files_and_removes_deleted_ones(string kind)
    {
        ServerProcess server = await _machine.ServeAsync();
        Shop shop = await Shop.OpenAsync(_machine, server);
        await GenerateAsync(kind, ".");
        _developer.Write("package.json", """{"name":"shop","version":"1.0.0"}""");
        _developer.Write("deep/gone.txt", "one");
        _developer.Write("old/gone.txt", "one");
        string first = await _developer.CommitAsync("First");
        (_, string seen) = await _developer.DoneAsync("push", shop.Url, "main");

        Assert.Contains("remote: Finished successfully.", seen, StringComparison.Ordinal);
        Assert.Equal(["deep/gone.txt", "index.html", "old/gone.txt", "package.json"], Released(shop));

        File.Delete(Path.Combine(_developer.Folder, "deep/gone.txt"));
        File.Delete(Path.Combine(_developer.Folder, "old/gone.txt"));
        string second = await _developer.CommitAsync("Second", "deep/kept.txt");
        await _developer.DoneAsync("push", shop.Url, "main");

        Assert.Equal((DeploymentStatus.Success, DeploymentStatus.Success), ((await shop.DeploymentAsync(first)).Status, (await shop.DeploymentAsync(second)).Status));
        Assert.Equal(["deep/kept.txt", "index.html", "package.json"], Released(shop));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(shop.Folder, "work")));
    }

    [Fact]
    public async Task A_script_that_is_pushed_from_Windows_without_its_executable_mode_is_run()
    {
        ServerProcess server = await _machine.ServeAsync();
        Shop shop = await Shop.OpenAsync(_machine, server);
        _developer.Write("web/page.html", "one");
        await GenerateAsync("--basic", "web");
        await _developer.DoneAsync("config", "core.fileMode", "false");
        await _developer.CommitAsync("First");
        await _developer.DoneAsync("update-index", "--chmod=-x", "deploy.sh");
        _developer.Write(".deployment", "[config]\r\ncommand = ./deploy.sh\r\n");
        await _developer.CommitAsync("Second");

        (_, string seen) = await _developer.DoneAsync("push", shop.Url, "main");

        Assert.StartsWith("100644 ", (await _developer.DoneAsync("ls-tree", "HEAD", "deploy.sh")).Out, StringComparison.Ordinal);
        Assert.Contains("remote: Deployment successful.", seen, StringComparison.Ordinal);
        Assert.Equal(["page.html"], Released(shop));
    }

    [Fact]
    public async Task Without_kudusync_the_log_says_how_to_install_it()
    {
        ServerProcess server = await _machine.ServeAsync();
        Shop shop = await Shop.OpenAsync(_machine, server);
        await GenerateAsync("--basic", ".");
        await _developer.CommitAsync("First");

        // The machine may have kudusync. A name that does not exist stands for a machine without it.
        await shop.Client.SetSettingsAsync(new Dictionary<string, string> { ["kudu_sync_cmd"] = "no-such-kudusync" }, TestContext.Current.CancellationToken);
        (_, string missing) = await _developer.DoneAsync("push", shop.Url, "main");
        await shop.Client.SetSettingsAsync(new Dictionary<string, string> { ["kudu_sync_cmd"] = Path.Combine(Programs, "kudusync") }, TestContext.Current.CancellationToken);
        await _developer.CommitAsync("Second");
        (_, string named) = await _developer.DoneAsync("push", shop.Url, "main");

        Assert.Contains("remote: 'deploy.sh' calls KUDU_SYNC_CMD, but 'no-such-kudusync' is not in the server's PATH. Install it with `npm install --global kudusync`", missing, StringComparison.Ordinal);
        Assert.Contains("remote: Deployment successful.", named, StringComparison.Ordinal);
        Assert.Equal(["index.html"], Released(shop));
    }

    /// <summary>In Kudu, the source folder is the repository. Here, it has its own, which gets neither into a release nor into the site's repository.</summary>
    [Fact]
    public async Task A_deploy_command_can_read_the_git_history_and_none_of_it_is_released()
    {
        ServerProcess server = await _machine.ServeAsync();
        Shop shop = await Shop.OpenAsync(_machine, server);
        await _developer.CommitAsync("First");
        await _developer.DoneAsync("tag", "-a", "v1", "-m", "One");
        string commit = await _developer.CommitAsync("Second ' \" $(x) ü\n\nwith a body");
        await _developer.DoneAsync("push", shop.Url, "v1");
        await shop.CommandAsync(
            "{ git rev-parse HEAD; git rev-parse --abbrev-ref HEAD; git describe --dirty; git status --porcelain; git log --oneline | wc -l | tr -d ' '; echo \"$SCM_COMMIT_ID $SCM_COMMIT_MESSAGE\"; } "
            + "> $DEPLOYMENT_TEMP/seen && git -c user.name=x -c user.email=x commit -q --allow-empty -m mine && cp -r . $DEPLOYMENT_TARGET && cp $DEPLOYMENT_TEMP/seen $DEPLOYMENT_TARGET");

        await _developer.DoneAsync("push", shop.Url, "main");

        Assert.Equal(
            $"{commit}\nmain\nv1-1-g{commit[..7]}\n2\n{commit} Second ' \" $(x) ü\n\nwith a body\n", shop.Read("seen"));
        Assert.Equal(["index.html", "seen"], Released(shop));
        Assert.Equal(commit, (await _developer.DoneAsync("ls-remote", shop.Url, "refs/heads/main")).Out[..40]);
    }

    [Fact]
    public async Task Git_in_a_deploy_command_finds_no_repository_around_the_data_folder()
    {
        await _developer.DoneAsync("init", "--quiet", Path.GetDirectoryName(_machine.Data)!);
        ServerProcess server = await _machine.ServeAsync();
        Shop shop = await Shop.OpenAsync(_machine, server, "git rev-parse --show-toplevel || echo none; cd $DEPLOYMENT_TARGET && git rev-parse --show-toplevel || echo none; cp -r $DEPLOYMENT_SOURCE/* .");
        await using FileStream zip = File.OpenRead(Zips.Page(_machine, "one"));

        Deployment begun = await shop.Client.DeployZipAsync(zip, cancellationToken: TestContext.Current.CancellationToken);
        var lines = new List<string>();
        await foreach (LogUpdate update in shop.Client.FollowLogAsync(begun.Id, cancellationToken: TestContext.Current.CancellationToken))
        {
            lines.Add(update.Entry?.Message ?? "");
        }

        Assert.Equal(2, lines.Count(line => line == "none"));
    }

    [Fact]
    public async Task A_long_commit_message_is_shortened_in_SCM_COMMIT_MESSAGE()
    {
        ServerProcess server = await _machine.ServeAsync();
        Shop shop = await Shop.OpenAsync(_machine, server, "printf %s \"$SCM_COMMIT_MESSAGE\" | wc -c > $DEPLOYMENT_TARGET/size");
        _developer.Write("message", "One\n\n" + new string('ä', 300_000));
        _developer.Write("index.html", "one");
        await _developer.DoneAsync("add", "index.html");
        await _developer.DoneAsync("commit", "--quiet", "--file", "message");

        (_, string seen) = await _developer.DoneAsync("push", shop.Url, "main");

        Assert.Contains("remote: Deployment successful.", seen, StringComparison.Ordinal);
        Assert.InRange(int.Parse(shop.Read("size"), null), 32_000, 32_768);
    }

    /// <summary>Runs <c>kuduscript</c> in the developer's folder.</summary>
    private async Task GenerateAsync(string kind, string folder)
    {
        Assert.True(Directory.Exists(Programs), "Run \"npm ci\" in tests/Nyala.EndToEnd/node first, as test.sh does.");
        using var kuduscript = new NyalaProcess(new ProcessStartInfo(
            Path.Combine(Programs, "kuduscript"), ["-y", kind, "--scriptType", "bash", "--repositoryRoot", ".", "--sitePath", folder])
        { WorkingDirectory = _developer.Folder });
        (int exitCode, string output, string error) = await kuduscript.EndAsync();
        Assert.True(exitCode == 0 && File.Exists(Path.Combine(_developer.Folder, "deploy.sh")), $"kuduscript ended with {exitCode}: {output}{error}");
    }

    /// <summary>Returns the files of the current release, except those that npm writes.</summary>
    private static IEnumerable<string> Released(Shop shop)
    {
        string release = Path.Combine(shop.Folder, "releases", shop.Release!);
        return Directory.EnumerateFileSystemEntries(release, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(release, path))
            .Where(path => path is not ("package-lock.json" or "deep" or "old") && !path.StartsWith("node_modules", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
    }
}

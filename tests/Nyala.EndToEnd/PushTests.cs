using System.Security.Cryptography;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary><c>git push</c> to a server, by the real git. Kills are in <see cref="PushKillTests"/>.</summary>
public sealed class PushTests : IAsyncLifetime
{
    private readonly Machine _machine = new();
    private Developer _developer = null!;
    private ServerProcess _server = null!;

    public async ValueTask InitializeAsync()
    {
        _developer = await Developer.StartAsync();
        _server = await _machine.ServeAsync();
    }

    public ValueTask DisposeAsync()
    {
        _machine.Dispose();
        _developer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_first_push_shows_its_log_live_and_ends_after_the_webhook_is_sent()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        using var turnstile = new Turnstile(_machine.Work);
        Shop shop = await Shop.OpenAsync(_machine, _server, $"echo Building the shop; {turnstile.Wait}; echo Built; cp index.html \"$DEPLOYMENT_TARGET\"");
        await shop.TellAsync(receiver);
        string commit = await _developer.CommitAsync("Grüße an alle", "index.html", "hello");

        NyalaProcess push = _developer.Begin("push", shop.Url, "main");
        await push.Error.HoldsAsync("remote: Building the shop");
        turnstile.Open();
        (int exitCode, _, string seen) = await push.EndAsync();

        Assert.Equal(0, exitCode);
        AssertInOrder(seen, "remote: Building the shop", "remote: Built", "remote: Deployment successful.", "remote: Notified 1 webhook.", "main -> main");
        Assert.True(receiver.HasMore);
        Received told = await receiver.NextAsync();
        Assert.Equal(
            (commit, "success", "Jörg Ann", "ann@example.com", "Grüße an alle", "maria", "main", "shop"),
            (told["id"], told["status"], told["author"], told["authorEmail"], told["message"], told["deployer"], told["branch"], told["siteName"]));
        Assert.Equal(("hello", $"{commit}-1"), (shop.Read("index.html"), shop.Release));
    }

    [Fact]
    public async Task Concurrent_first_requests_to_a_site_create_one_repository()
    {
        Shop shop = await Shop.OpenAsync(_machine, _server);
        string commit = await _developer.CommitAsync("First");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _developer.DoneAsync("ls-remote", shop.Url)));
        await _developer.DoneAsync("push", shop.Url, "main");

        Assert.Equal($"{commit}-1", shop.Release);
        Assert.False(Path.Exists(Path.Combine(shop.Folder, "work")) && Directory.EnumerateFileSystemEntries(Path.Combine(shop.Folder, "work")).Any());
    }

    [Fact]
    public async Task A_shallow_clone_can_be_pushed()
    {
        Shop shop = await Shop.OpenAsync(_machine, _server);
        await _developer.CommitAsync("First");
        string head = await _developer.CommitAsync("Second");
        string clone = Path.Combine(_machine.Work, "clone");
        await _developer.DoneAsync("clone", "--quiet", "--depth", "1", "file://" + _developer.Folder, clone);

        await _developer.DoneAsync("-C", clone, "push", shop.Url, "main");
        await _developer.DoneAsync("-C", clone, "push", shop.Url, "main:next");
        (_, string seen) = await _developer.DoneAsync("-C", clone, "push", shop.Url, ":next");
        Assert.Contains("remote: Branch 'next' was removed.", seen, StringComparison.Ordinal);
        await _developer.CommitAsync("Third");
        await _developer.DoneAsync("push", shop.Url, "main");

        Assert.Equal((DeploymentStatus.Success, "Third"), ((await shop.DeploymentAsync(head)).Status, shop.Read("index.html")));
    }

    [Fact]
    public async Task The_branch_that_the_site_deploys_cannot_be_removed_and_others_can()
    {
        Shop shop = await Shop.OpenAsync(_machine, _server);
        await _developer.CommitAsync("First");
        await _developer.DoneAsync("push", shop.Url, "main", "main:next");

        (int exitCode, _, string seen) = await _developer.RunAsync("push", shop.Url, ":main", ":next");

        Assert.NotEqual(0, exitCode);
        AssertInOrder(seen, "remote: 'main' is the branch that shop deploys. To remove it, choose another branch first: nyala sites set shop --branch NAME", "remote: Branch 'next' was removed.");
        Assert.DoesNotContain("next", (await _developer.DoneAsync("ls-remote", "--heads", shop.Url)).Out, StringComparison.Ordinal);
        Assert.Contains("main", (await _developer.DoneAsync("ls-remote", "--heads", shop.Url)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_folder_that_is_a_symbolic_link_fails_the_deployment()
    {
        Shop shop = await Shop.OpenAsync(_machine, _server);
        _developer.Write("real/page.html", "one");
        Directory.CreateSymbolicLink(Path.Combine(_developer.Folder, "web"), "real");
        _developer.Write(".deployment", "[config]\nproject = web\n");
        string commit = await _developer.CommitAsync("First");

        await _developer.DoneAsync("push", shop.Url, "main");

        Assert.Equal((DeploymentStatus.Failed, null), ((await shop.DeploymentAsync(commit)).Status, shop.Release));
    }

    [Fact]
    public async Task The_git_attributes_of_the_servers_user_do_not_change_files()
    {
        using var machine = new Machine();
        string attributes = Path.Combine(machine.Work, ".config", "git", "attributes");
        Directory.CreateDirectory(Path.GetDirectoryName(attributes)!);
        await File.WriteAllTextAsync(attributes, "*.html text eol=crlf\n", TestContext.Current.CancellationToken);
        machine.Variables["HOME"] = machine.Work;
        Shop shop = await Shop.OpenAsync(machine, await machine.ServeAsync());
        await _developer.CommitAsync("First", text: "one\ntwo\n");

        await _developer.DoneAsync("push", shop.Url, "main");

        Assert.Equal("one\ntwo\n", shop.Read("index.html"));
    }

    [Fact]
    public async Task A_failed_command_fails_the_deployment_but_not_the_push()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        Shop shop = await Shop.OpenAsync(_machine, _server);
        await shop.TellAsync(receiver);
        string good = await _developer.CommitAsync("Good");
        await _developer.DoneAsync("push", shop.Url, "main");
        Assert.Equal("success", (await receiver.NextAsync())["status"]);
        _developer.Write(".deployment", "[config]\ncommand = echo There is no way >&2; exit 3\n");
        string bad = await _developer.CommitAsync("Bad");

        (_, string seen) = await _developer.DoneAsync("push", shop.Url, "main");

        AssertInOrder(seen, "remote: There is no way", "remote: The command failed with exit code 3.", "remote:   nyala deployments redeploy --site shop", "remote: Notified 1 webhook.", "main -> main");
        Received told = await receiver.NextAsync();
        Assert.Equal((bad, "failed", "The command failed with exit code 3."), (told["id"], told["status"], told["statusText"]));
        Assert.Equal(("Good", $"{good}-1"), (shop.Read("index.html"), shop.Release));
        Assert.Equal(DeploymentStatus.Failed, (await shop.DeploymentAsync(bad)).Status);
    }

    [Fact]
    public async Task During_a_deployment_a_push_to_the_branch_is_rejected_and_other_refs_are_stored()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        using var turnstile = new Turnstile(_machine.Work);
        Shop shop = await Shop.OpenAsync(_machine, _server, $"echo Building the shop; {turnstile.Wait}");
        await shop.TellAsync(receiver);
        string first = await _developer.CommitAsync("First");
        NyalaProcess push = _developer.Begin("push", shop.Url, "main");
        await push.Error.HoldsAsync("remote: Building the shop");
        string second = await _developer.CommitAsync("Second");

        (int exitCode, _, string seen) = await _developer.RunAsync("push", shop.Url, "main", "main:side");
        using var zip = new ByteArrayContent([1]);
        using HttpResponseMessage beside = await _server.Http.PostAsync($"sites/{Shop.Name}/api/zipdeploy", zip, TestContext.Current.CancellationToken);

        Assert.Equal((1, System.Net.HttpStatusCode.Conflict), (exitCode, beside.StatusCode));
        AssertInOrder(seen, "remote: There is a deployment currently in progress", "Please retry operation later.", "remote: Branch 'side' is stored but not deployed");
        Assert.Contains("! [remote rejected] main -> main", seen, StringComparison.Ordinal);
        Assert.Equal(
            new HashSet<string> { $"{first}\trefs/heads/main", $"{second}\trefs/heads/side" },
            (await _developer.DoneAsync("ls-remote", "--heads", shop.Url)).Out.Split('\n').ToHashSet());

        turnstile.Open();
        Assert.Equal(0, (await push.EndAsync()).ExitCode);
        Assert.Equal(first, (await receiver.NextAsync())["id"]);
        turnstile.Open();
        await _developer.DoneAsync("push", shop.Url, "main");
        Assert.Equal((second, $"{second}-1"), ((await receiver.NextAsync())["id"], shop.Release));
    }

    [Fact]
    public async Task Other_branches_and_tags_are_stored_but_not_deployed_and_a_branch_can_be_removed()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        Shop shop = await Shop.OpenAsync(_machine, _server);
        await shop.TellAsync(receiver);
        await _developer.CommitAsync("First");

        (_, string side) = await _developer.DoneAsync("push", shop.Url, "main:side", "main:refs/tags/v1");
        (_, string removed) = await _developer.DoneAsync("push", shop.Url, ":side");

        Assert.Contains("remote: Branch 'side' is stored but not deployed: shop deploys the branch 'main'.", side, StringComparison.Ordinal);
        Assert.Contains("remote: Tag 'v1' is stored but not deployed", side, StringComparison.Ordinal);
        Assert.Contains("remote: Branch 'side' was removed.", removed, StringComparison.Ordinal);
        Assert.False(receiver.HasMore);
        Assert.Null(shop.Release);
        Assert.Empty(await shop.Client.ListDeploymentsAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_deployed_commit_can_be_redeployed_after_a_force_push_and_git_gc()
    {
        Shop shop = await Shop.OpenAsync(_machine, _server);
        string first = await _developer.CommitAsync("First");
        await _developer.DoneAsync("push", shop.Url, "main");
        await _developer.DoneAsync("commit", "--quiet", "--amend", "-m", "Instead");
        _developer.Write("index.html", "Instead");
        string instead = await _developer.CommitAsync("Instead");
        Assert.NotEqual(0, (await _developer.RunAsync("push", shop.Url, "main")).ExitCode);
        await _developer.DoneAsync("push", "--force", shop.Url, "main");
        Assert.Equal(($"{instead}-1", "Instead"), (shop.Release, shop.Read("index.html")));

        await _developer.DoneAsync("--git-dir", shop.Repository, "reflog", "expire", "--expire=now", "--all");
        await _developer.DoneAsync("--git-dir", shop.Repository, "gc", "--quiet", "--prune=now");
        Deployment again = await shop.Client.RedeployAsync(first, cancellationToken: TestContext.Current.CancellationToken);
        await shop.EndAsync(again.Id);

        Assert.Equal(($"{first}-2", "First"), (shop.Release, shop.Read("index.html")));
        Assert.DoesNotContain("refs/nyala", (await _developer.DoneAsync("ls-remote", shop.Url)).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("2")]
    public async Task A_site_can_be_pushed_cloned_and_fetched_with_each_protocol_version_at_each_path(string version)
    {
        Shop shop = await Shop.OpenAsync(_machine, _server);
        await _developer.CommitAsync("First");
        await _developer.DoneAsync("push", shop.Url, "main");
        string second = await _developer.CommitAsync("Second");
        await _developer.DoneAsync("-c", $"protocol.version={version}", "push", shop.UrlOf(shop.Token, "sites/shop"), "main");
        string clone = Path.Combine(_machine.Work, "clone");

        await _developer.DoneAsync("-c", $"protocol.version={version}", "clone", "--quiet", "--depth", "1", shop.Url, clone);
        await _developer.DoneAsync("-C", clone, "-c", $"protocol.version={version}", "fetch", "--quiet", "--unshallow", shop.UrlOf(shop.Token, "sites/shop/api"));

        Assert.Equal((second, "2"), ((await _developer.DoneAsync("-C", clone, "rev-parse", "HEAD")).Out, (await _developer.DoneAsync("-C", clone, "rev-list", "--count", "HEAD")).Out));
    }

    [Fact]
    public async Task A_push_without_permission_or_to_an_unknown_site_fails_with_the_reason()
    {
        Shop shop = await Shop.OpenAsync(_machine, _server);
        await _developer.CommitAsync("First");
        Token read = await _server.Client.CreateTokenAsync(new TokenRequest { Name = "read", Scopes = ["read"] }, TestContext.Current.CancellationToken);
        Token all = await _server.Client.CreateTokenAsync(new TokenRequest { Name = "all", Scopes = ["deploy"] }, TestContext.Current.CancellationToken);

        (int wrong, _, string wrongSeen) = await _developer.RunAsync("push", shop.UrlOf("nyala_no_such_token"), "main");
        (int reader, _, string readerSeen) = await _developer.RunAsync("push", shop.UrlOf(read.Value!), "main");
        (int other, _, string otherSeen) = await _developer.RunAsync("push", shop.UrlOf(shop.Token, "other.git"), "main");
        (int unknown, _, string unknownSeen) = await _developer.RunAsync("push", shop.UrlOf(all.Value!, "other.git"), "main");

        Assert.All([wrong, reader, other, unknown], code => Assert.NotEqual(0, code));
        Assert.Contains("Authentication failed", wrongSeen, StringComparison.Ordinal);
        Assert.Contains("remote: Insufficient scope. This request needs the scope deploy", readerSeen, StringComparison.Ordinal);
        Assert.Contains("remote: This token is for another site.", otherSeen, StringComparison.Ordinal);
        Assert.Contains("remote: The site 'other' does not exist. To create it, run `nyala sites create other`.", unknownSeen, StringComparison.Ordinal);
        Assert.False(Directory.Exists(shop.Repository));
    }

    [Fact]
    public async Task A_large_push_increases_the_memory_use_of_the_server_by_at_most_60_MiB()
    {
        int megabytes = int.Parse(Environment.GetEnvironmentVariable("NYALA_PUSH_MB") ?? "200", null);
        Shop shop = await Shop.OpenAsync(_machine, _server);
        await _developer.CommitAsync("First");
        await _developer.DoneAsync("push", shop.Url, "main");
        long before = _server.MemoryAtMost();
        byte[] noise = new byte[1024 * 1024];
        for (int i = 0; i < megabytes; i++)
        {
            RandomNumberGenerator.Fill(noise);
            await File.WriteAllBytesAsync(Path.Combine(_developer.Folder, $"noise-{i}"), noise, TestContext.Current.CancellationToken);
        }

        string large = await _developer.CommitAsync("Large");
        await _developer.DoneAsync("-c", "http.postBuffer=65536", "-c", "core.compression=0", "push", shop.Url, "main");

        Assert.Equal($"{large}-1", shop.Release);
        Assert.Equal(megabytes, Directory.EnumerateFiles(Path.Combine(shop.Folder, "releases", $"{large}-1"), "noise-*").Count());
        Assert.InRange(_server.MemoryAtMost() - before, 0, 60L * 1024 * 1024);
    }

    [Fact]
    public async Task A_push_above_the_size_limit_is_rejected_and_stores_nothing()
    {
        Shop shop = await Shop.OpenAsync(_machine, _server);
        string first = await _developer.CommitAsync("First");
        await _developer.DoneAsync("push", shop.Url, "main");
        _server.Terminate();
        await _server.EndAsync();
        _machine.Variables["NYALA_DEPLOYING__PUSHSIZE"] = "100000";
        shop = shop.At(await _machine.ServeAsync());
        await File.WriteAllBytesAsync(Path.Combine(_developer.Folder, "noise"), RandomNumberGenerator.GetBytes(4 * 1024 * 1024), TestContext.Current.CancellationToken);
        await _developer.CommitAsync("Large");

        (int exitCode, _, string seen) = await _developer.RunAsync("push", shop.Url, "main");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("remote: fatal: pack exceeds maximum allowed size", seen, StringComparison.Ordinal);
        Assert.Contains(first, (await _developer.DoneAsync("ls-remote", shop.Url, "main")).Out, StringComparison.Ordinal);
        Assert.Equal($"{first}-1", shop.Release);
        await _developer.DoneAsync("reset", "--quiet", "--hard", "HEAD~1");
        string small = await _developer.CommitAsync("Small");
        await _developer.DoneAsync("push", shop.Url, "main");
        Assert.Equal($"{small}-1", shop.Release);
    }

    [Fact]
    public async Task Git_hooks_filters_and_a_linked_deployment_file_in_a_push_are_not_run()
    {
        Shop shop = await Shop.OpenAsync(_machine, _server);
        string mark = Path.Combine(_machine.Work, "was-run");
        string secret = Path.Combine(_machine.Work, "elsewhere");
        await File.WriteAllTextAsync(secret, $"[config]\ncommand = touch {mark}\n", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Path.Combine(_developer.Folder, ".deployment"), secret);
        _developer.Write("hooks/post-receive", $"#!/bin/sh\ntouch {mark}\n");
        _developer.Write("config", $"[core]\n\tfsmonitor = touch {mark}\n");
        _developer.Write(".gitattributes", "* filter=evil\n");
        await _developer.CommitAsync("Hostile");

        await _developer.DoneAsync("push", shop.Url, "main");
        await File.WriteAllTextAsync(Path.Combine(shop.Repository, "hooks", "post-receive"), $"#!/bin/sh\ntouch {mark}\n", TestContext.Current.CancellationToken);
        await _developer.CommitAsync("Again");
        await _developer.DoneAsync("push", shop.Url, "main");

        Assert.Equal("Again", shop.Read("index.html"));
        Assert.False(File.Exists(mark));
    }

    [Theory]
    [InlineData("git-receive-pack")]
    [InlineData("git-upload-pack")]
    public async Task An_invalid_git_request_gets_200_or_400_and_the_site_still_accepts_pushes(string service)
    {
        Shop shop = await Shop.OpenAsync(_machine, _server);
        foreach (byte[] body in (byte[][])[[], "0000"u8.ToArray(), "zzzz"u8.ToArray(), "fff0"u8.ToArray(), "00ff garbage"u8.ToArray(), new byte[300_000]])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{Shop.Name}.git/{service}") { Content = new ByteArrayContent(body) };
            request.Headers.TryAddWithoutValidation("Git-Protocol", "version=2;$(touch x)");
            using HttpResponseMessage response = await _server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.True(response.StatusCode is System.Net.HttpStatusCode.OK or System.Net.HttpStatusCode.BadRequest, $"{response.StatusCode}");
        }

        using var packed = new HttpRequestMessage(HttpMethod.Post, $"{Shop.Name}.git/{service}") { Content = new StringContent("no gzip") };
        packed.Content.Headers.ContentEncoding.Add("gzip");
        using HttpResponseMessage refused = await _server.Http.SendAsync(packed, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);

        string commit = await _developer.CommitAsync("First");
        await _developer.DoneAsync("push", shop.Url, "main");
        Assert.Equal($"{commit}-1", shop.Release);
    }

    private static void AssertInOrder(string text, params string[] parts)
    {
        int at = 0;
        foreach (string part in parts)
        {
            int found = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{part}' is missing or out of order in: {text}");
            at = found + part.Length;
        }
    }
}

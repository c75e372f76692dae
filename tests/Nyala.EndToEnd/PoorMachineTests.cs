using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>A machine without git or setsid, and a server that does not run as root.</summary>
public sealed class PoorMachineTests : IAsyncLifetime
{
    private const string Nobody = "65534";

    private readonly Machine _machine = new();
    private Developer _developer = null!;

    public async ValueTask InitializeAsync() => _developer = await Developer.StartAsync();

    public ValueTask DisposeAsync()
    {
        _machine.Dispose();
        _developer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Without_git_or_setsid_a_push_or_deployment_fails_with_an_error_that_names_it()
    {
        ServerProcess server = await _machine.ServeAsync();
        Shop shop = await Shop.OpenAsync(_machine, server, "true");
        await _developer.CommitAsync("First");
        await _developer.DoneAsync("push", shop.Url, "main");
        server.Terminate();
        await server.EndAsync();
        _machine.Variables["PATH"] = _machine.Work;
        shop = shop.At(await _machine.ServeAsync());
        await _developer.CommitAsync("Second");

        (int exitCode, _, string seen) = await _developer.RunAsync("push", shop.Url, "main");
        await using FileStream zip = File.OpenRead(Zips.Page(_machine, "Second"));
        Deployment begun = await shop.Client.DeployZipAsync(zip, cancellationToken: TestContext.Current.CancellationToken);
        await shop.EndAsync(begun.Id);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("remote: git is not installed on the server's machine", seen, StringComparison.Ordinal);
        Assert.Contains("A deploy command needs setsid, which is not installed on the server's machine", (await shop.DeploymentAsync(begun.Id)).StatusText, StringComparison.Ordinal);
        Assert.Equal("First", shop.Read("index.html"));
    }

    [Fact]
    public async Task Releases_with_read_only_folders_are_deployed_and_later_removed()
    {
        await BeNobodyAsync();
        ServerProcess server = await _machine.ServeAsync();
        Shop shop = await Shop.OpenAsync(_machine, server, "mkdir -p cache/deep && echo x > cache/deep/file && chmod 555 cache/deep cache .");
        await server.Client.ChangeSiteAsync(Shop.Name, new SiteChange { Keep = 1 }, TestContext.Current.CancellationToken);
        string last = "";
        foreach (string message in (string[])["First", "Second", "Third"])
        {
            last = await _developer.CommitAsync(message);
            await _developer.DoneAsync("push", shop.Url, "main");
        }

        Assert.Equal(($"{last}-1", "x\n"), (shop.Release, shop.Read("cache/deep/file")));
        Assert.Equal(UnixFileMode.None, new DirectoryInfo(Path.Combine(shop.Folder, "current", "cache", "deep")).UnixFileMode & UnixFileMode.UserWrite);
        await LeftAloneAsync(Path.Combine(shop.Folder, "releases"), $"{last}-1").InTimeAsync();
        Assert.False(Path.Exists(Path.Combine(shop.Folder, "work")) && Directory.EnumerateFileSystemEntries(Path.Combine(shop.Folder, "work")).Any());
        server.Terminate();
        Assert.Equal(0, (await server.EndAsync()).ExitCode);
    }

    /// <summary>Polls until a folder contains only this entry, because the removal of releases is not signaled.</summary>
    private static async Task<bool> LeftAloneAsync(string folder, string name)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).SequenceEqual([name]))
        {
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        return true;
    }

    /// <summary>If this process is root, which may write anywhere, runs the server as another user.</summary>
    private async Task BeNobodyAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        string root = Path.GetDirectoryName(_machine.Data)!;
        Directory.CreateDirectory(_machine.Data);
        Assert.Equal(0, (await Tool.RunAsync("chown", ["-R", $"{Nobody}:{Nobody}", root], ""))?.ExitCode);
        _machine.Wrapper = ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"];
    }
}

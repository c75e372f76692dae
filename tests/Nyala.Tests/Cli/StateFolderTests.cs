using System.Diagnostics;
using System.Text;
using Nyala.Cli.Connection;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary>A state folder that cannot be used, or whose content somebody else has put there.</summary>
public sealed class StateFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Nobody makes a folder below a file, not even root.</summary>
    private string Unusable
    {
        get
        {
            File.WriteAllText(_folder.In("file"), "");
            return _folder.In("file", "state");
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_serves_without_it_and_says_who_does_not_find_it()
    {
        using NyalaProcess serve = NyalaProcess.Start(Unusable, null, _folder.Path, [], "serve", "--urls", "http://127.0.0.1:0", "--data", _folder.In("data"));
        await serve.PrintsAsync("http://127.0.0.1:").InTimeAsync();
        serve.Signal("TERM");

        (int exitCode, _, string error) = await serve.EndAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains($"nyala: {Unusable}/nyala is not writable", error, StringComparison.Ordinal);
        Assert.Contains("Set XDG_STATE_HOME to a writable folder, or use --server and --token.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_reported_without_it()
    {
        await using FakeNyala server = await FakeNyala.StartAsync();
        using NyalaProcess run = NyalaProcess.Start(Unusable, server.Address, _folder.Path, [], "run", "--", "echo", "hello");

        (int exitCode, byte[] output, string error) = await run.EndAsync();

        Assert.Equal((0, "hello\n"), (exitCode, Encoding.UTF8.GetString(output)));
        Assert.Contains("cannot save reports to disk", error, StringComparison.Ordinal);
        Assert.Contains("Set XDG_STATE_HOME to a writable folder.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("reporting failed", error, StringComparison.Ordinal);
        Assert.Equal("status 4", server.Calls()[^1].Short);
    }

    /// <summary>The framework knows no such home, and what is kept went to the working folder.</summary>
    [Fact]
    public async Task A_home_that_is_not_there_is_the_home_all_the_same()
    {
        string work = Directory.CreateDirectory(_folder.In("work")).FullName;
        using NyalaProcess run = NyalaProcess.Start("", new Uri("http://127.0.0.1:1"), work, [("HOME", _folder.In("missing"))], "run", "--", "true");

        (int exitCode, _, string error) = await run.EndAsync();

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("reporting failed", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(work));
        Assert.True(Directory.Exists(_folder.In("missing", ".local", "state", "nyala", "spool")), error);
    }

    [Fact]
    public async Task A_spool_that_cannot_be_looked_at_is_not_taken_for_an_empty_one()
    {
        using var cli = new CliHarness();
        Directory.CreateDirectory(cli.StateFolder);
        await File.WriteAllTextAsync(Path.Combine(cli.StateFolder, "spool"), "", TestContext.Current.CancellationToken);

        (int exitCode, _, string error) = await cli.RunAsync("spool", "list");

        Assert.Equal(1, exitCode);
        Assert.Contains(Path.Combine(cli.StateFolder, "spool"), error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_somebody_else_names_is_not_talked_to(bool link)
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root gives files away.");
        await using FakeNyala server = await FakeNyala.StartAsync();
        using var cli = new CliHarness();
        LocalServer.Save(cli.StateFolder, server.Address, _folder.Path);
        string file = Path.Combine(cli.StateFolder, LocalServer.FileName);
        Shell(link ? $"mv '{file}' '{_folder.In("elsewhere")}' && ln -s '{_folder.In("elsewhere")}' '{file}'" : $"chown 65534 '{file}'");

        (int exitCode, _, string error) = await cli.RunAsync("hooks", "list");

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"nyala: {file} {(link ? "is a link" : "belongs to another user")}, so the server it names is not trusted. Remove the file", error, StringComparison.Ordinal);
        Assert.Empty(server.Calls());
    }

    private static void Shell(string script)
    {
        using Process shell = Process.Start("sh", ["-c", script]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}

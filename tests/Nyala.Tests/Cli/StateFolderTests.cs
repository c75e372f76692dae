using System.Diagnostics;
using System.Text;
using Nyala.Cli.Connection;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary>A state folder that cannot be used, or that contains files of another user.</summary>
public sealed class StateFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>A path below a file, where not even root can create a folder.</summary>
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
    public async Task The_server_starts_without_a_usable_state_folder_and_says_what_to_do()
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
    public async Task A_run_is_reported_without_a_usable_state_folder()
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

    /// <summary>.NET returns an empty path for a home folder that does not exist. Reports must not be kept in the working folder instead.</summary>
    [Fact]
    public async Task Reports_are_kept_in_the_home_folder_even_if_it_does_not_exist()
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
    public async Task Listing_an_unreadable_spool_exits_with_1_and_names_it()
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
    public async Task A_server_is_not_contacted_if_its_file_is_a_link_or_belongs_to_another_user(bool link)
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can change the owner of a file.");
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

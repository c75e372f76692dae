using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Nyala.Server;
using Nyala.Server.Disk;
using Nyala.Server.Hosting;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hosting;

/// <summary>The start refuses files in the data folder that are not the server's own, and corrects modes that are open to others.</summary>
public sealed class OwnershipTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Data => _folder.In("data");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("admin-token")]
    [InlineData("nyala.db")]
    [InlineData("lock")]
    [InlineData("holder-key")]
    [InlineData("keys/KEY")]
    public async Task The_start_fails_if_a_file_was_replaced_by_a_symbolic_or_hard_link(string name)
    {
        Assert.Null(await StartAsync());
        string file = FileOf(name);
        Shell($"mv '{file}' '{_folder.In("elsewhere")}' && ln -s '{_folder.In("elsewhere")}' '{file}'");

        Assert.StartsWith($"{file} is a symbolic link", await StartAsync(), StringComparison.Ordinal);

        Shell($"rm '{file}' && ln '{_folder.In("elsewhere")}' '{file}'");
        Assert.StartsWith($"{file} is a hard link", await StartAsync(), StringComparison.Ordinal);

        Shell($"cp -p '{file}' '{file}.copy' && mv '{file}.copy' '{file}'");
        Assert.Null(await StartAsync());
    }

    [Fact]
    public async Task The_start_does_not_create_the_target_of_a_symbolic_link_named_lock()
    {
        Directory.CreateDirectory(Data);
        File.CreateSymbolicLink(Path.Combine(Data, "lock"), _folder.In("elsewhere"));

        Assert.Contains("is a symbolic link", await StartAsync(), StringComparison.Ordinal);

        Assert.False(File.Exists(_folder.In("elsewhere")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("admin-token")]
    [InlineData("nyala.db")]
    [InlineData("keys")]
    [InlineData("keys/KEY")]
    [InlineData("lock")]
    public async Task The_start_fails_if_a_file_or_folder_belongs_to_another_user(string name)
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can change the owner of a file.");
        Assert.Null(await StartAsync());
        string file = FileOf(name);
        Shell($"chown 65534 '{file}'");

        string? refusal = await StartAsync();

        Assert.StartsWith($"{file} belongs to the user 65534, but the server runs as 0", refusal, StringComparison.Ordinal);
        Shell($"chown 0 '{file}'");
        Assert.Null(await StartAsync());
    }

    [Fact]
    public async Task The_error_for_a_data_folder_that_cannot_be_created_says_what_to_do()
    {
        File.WriteAllText(_folder.In("file"), "");
        string below = _folder.In("file", "data");

        string? refusal = await StartAsync(below);

        Assert.StartsWith($"The data folder {below} cannot be created: ", refusal, StringComparison.Ordinal);
        Assert.EndsWith(" With --data, specify a folder that the server can write to.", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_for_a_read_only_data_folder_says_that_it_cannot_be_written()
    {
        using Process mount = Process.Start("mount", ["-t", "tmpfs", "-o", "ro,mode=0700", "tmpfs", Directory.CreateDirectory(Data).FullName]);
        await mount.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipUnless(mount.ExitCode == 0, "Only root can mount.");
        try
        {
            string? refusal = await StartAsync();

            Assert.StartsWith($"The data folder {Data} cannot be written: ", refusal, StringComparison.Ordinal);
        }
        finally
        {
            Shell($"umount '{Data}'");
        }
    }

    [Fact]
    public async Task The_start_corrects_modes_and_keeps_the_path_to_releases_open_to_a_web_server()
    {
        Assert.Null(await StartAsync());
        string site = Path.Combine(Data, "sites", "shop");
        string[] ways = [Path.Combine(Data, "sites"), site, Path.Combine(site, "releases")];
        string[] closed = [Path.Combine(Data, "keys"), Path.Combine(Data, "git-hooks"), Path.Combine(site, "repository.git"), Path.Combine(site, "packages"), Path.Combine(site, "work")];
        foreach (string folder in ways.Concat(closed))
        {
            Directory.CreateDirectory(folder);
        }

        Shell($"chmod -R go+rwx '{Data}'");

        Assert.Null(await StartAsync());

        AssertMode(0b111_001_001, Data);
        Assert.All(ways, way => AssertMode(0b111_101_101, way));
        Assert.All(closed.Where(Directory.Exists), folder => AssertMode(0b111_000_000, folder));
        Assert.All(Directory.EnumerateFiles(Data).Concat(Directory.EnumerateFiles(Path.Combine(Data, "keys"))), file => AssertMode(0b110_000_000, file));
    }

    [Fact]
    public void OwnershipRule_accepts_only_own_folders_and_own_files_with_one_link()
    {
        Assert.Null(OwnershipRule.RefuseFile("f", new FileFacts(FileKind.File, 7, 1), 7));
        Assert.All(
            [new FileFacts(FileKind.Link, 7, 1), new FileFacts(FileKind.Other, 7, 1), new FileFacts(FileKind.Folder, 7, 1), new FileFacts(FileKind.File, 8, 1), new FileFacts(FileKind.File, 7, 2)],
            facts => Assert.NotNull(OwnershipRule.RefuseFile("f", facts, 7)));
        Assert.Null(OwnershipRule.RefuseFolder("f", new FileFacts(FileKind.Folder, 7, 3), 7));
        Assert.All(
            [new FileFacts(FileKind.File, 7, 1), new FileFacts(FileKind.Folder, 0, 2)],
            facts => Assert.NotNull(OwnershipRule.RefuseFolder("f", facts, 7)));
    }

    private string FileOf(string name) => name.EndsWith("KEY", StringComparison.Ordinal)
        ? Directory.EnumerateFiles(Path.Combine(Data, "keys")).Single()
        : Path.TrimEndingDirectorySeparator(Path.Combine(Data, name));

    private async Task<string?> StartAsync(string? data = null)
    {
        try
        {
            await using NyalaServer server = await NyalaServer.StartAsync(
                new NyalaOptions { Urls = "http://127.0.0.1:0", Data = data ?? Data }, TestServer.Token, builder => builder.Logging.ClearProviders());
            return null;
        }
        catch (ServerStartException refused)
        {
            return refused.Message;
        }
    }

    private static void AssertMode(int mode, string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal((path, (UnixFileMode)mode), (path, File.GetUnixFileMode(path)));
        }
    }

    private static void Shell(string script)
    {
        using Process shell = Process.Start("sh", ["-c", script]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}

using System.IO.Compression;
using System.Runtime.Versioning;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>A release has the modes that git or the zip specifies, regardless of the umask of the server.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ModeTests : IAsyncLifetime
{
    private readonly Machine _machine = new();
    private Developer _developer = null!;

    public async ValueTask InitializeAsync() => _developer = await Developer.StartAsync();

    public ValueTask DisposeAsync()
    {
        _machine.Dispose();
        _developer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("077")]
    [InlineData("027")]
    [InlineData("000")]
    public async Task The_modes_of_a_release_do_not_depend_on_the_umask_of_the_server(string umask)
    {
        _machine.Wrapper = ["sh", "-c", $"umask {umask}; exec \"$@\"", "sh"];
        ServerProcess server = await _machine.ServeAsync();
        Shop shop = await Shop.OpenAsync(_machine, server);
        _developer.Write("deep/page.html", "one");
        _developer.Write("run.sh", "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(_developer.Folder, "run.sh"), (UnixFileMode)0b111_111_101);
        await _developer.CommitAsync("First");
        await _developer.DoneAsync("push", shop.Url, "main");
        Assert.Equal(["755 .", "755 deep", "644 deep/page.html", "644 index.html", "755 run.sh"], Modes(shop));

        await shop.CommandAsync("mkdir \"$DEPLOYMENT_TARGET/made\" && echo x > \"$DEPLOYMENT_TARGET/made/file\"");
        await _developer.CommitAsync("Second");
        await _developer.DoneAsync("push", shop.Url, "main");
        Assert.Equal(["755 .", "755 made", "644 made/file"], Modes(shop));

        await shop.CommandAsync("true");
        await DeployAsync(shop);
        Assert.Equal(["755 .", "750 closed", "640 closed/file", "755 deep", "644 deep/plain", "600 secret", "777 wide", "666 wide/file"], Modes(shop));

        Assert.Equal(
            ["755 ..", "755 .", "700 packages", "755 releases", "700 repository.git", "700 work"],
            [Show("..", shop.Folder + "/.."), Show(".", shop.Folder), .. Below(shop.Folder).Where(path => new FileInfo(path).LinkTarget is null).Select(path => Show(Path.GetFileName(path), path))]);
    }

    [Fact]
    public async Task A_release_inherits_the_setgid_bit_of_the_releases_folder()
    {
        string releases = Path.Combine(_machine.Data, "sites", Shop.Name, "releases");
        ServerProcess server = await _machine.ServeAsync();
        Shop shop = await Shop.OpenAsync(_machine, server, "mkdir \"$DEPLOYMENT_TARGET/deep\"");
        Directory.CreateDirectory(releases);
        File.SetUnixFileMode(releases, File.GetUnixFileMode(releases) | UnixFileMode.SetGroup);
        await _developer.CommitAsync("First");

        await _developer.DoneAsync("push", shop.Url, "main");

        Assert.Equal(["2755 .", "2755 deep"], Modes(shop));
    }

    private async Task DeployAsync(Shop shop)
    {
        string zip = Path.Combine(_machine.Work, "site.zip");
        await using (ZipArchive archive = await ZipFile.OpenAsync(zip, ZipArchiveMode.Create, TestContext.Current.CancellationToken))
        {
            // A folder may come after its files, and an entry that was made on Windows has no mode.
            foreach ((string name, int mode) in (IEnumerable<(string, int)>)[("closed/file", 0x81A0), ("closed/", 0x41E8), ("wide/", 0x41FF), ("wide/file", 0x81B6), ("secret", 0x8180), ("deep/plain", 0)])
            {
                ZipArchiveEntry entry = archive.CreateEntry(name);
                entry.ExternalAttributes = mode << 16;
            }
        }

        await using FileStream stream = File.OpenRead(zip);
        Deployment begun = await shop.Client.DeployZipAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        await shop.EndAsync(begun.Id);
        Assert.Equal(DeploymentStatus.Success, (await shop.DeploymentAsync(begun.Id)).Status);
    }

    private static IEnumerable<string> Modes(Shop shop)
    {
        string release = Path.Combine(shop.Folder, "releases", shop.Release!);
        return [Show(".", release), .. Directory.EnumerateFileSystemEntries(release, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => Show(Path.GetRelativePath(release, path), path))];
    }

    private static IEnumerable<string> Below(string folder) => Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal);

    private static string Show(string name, string path) => $"{Convert.ToString((int)File.GetUnixFileMode(path), 8)} {name}";
}

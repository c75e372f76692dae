using Nyala.Server.Deploying.Git;
using Nyala.Tests.Cli.Support;

namespace Nyala.Tests.Deploying.Git;

/// <summary>Scans of a source folder. <see cref="SpareCheckoutsTests"/> proves that an updated scan equals a new one.</summary>
public sealed class SourceScanTests : IDisposable
{
    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

    private readonly TempFolder _folder = new();

    [Fact]
    public void A_scan_covers_every_folder_and_follows_no_link()
    {
        Put("source/.deployment", "");
        Put("source/a/.deployment", "");
        Put("source/.hidden/logo.png", Pointer);
        Put("outside/.deployment", "");
        Put("outside/logo.png", Pointer);
        Directory.CreateDirectory(_folder.In("source/empty"));
        Directory.CreateSymbolicLink(_folder.In("source/folder"), _folder.In("outside"));
        File.CreateSymbolicLink(_folder.In("source/logo.png"), _folder.In("outside/logo.png"));
        File.CreateSymbolicLink(_folder.In("source/empty.d"), _folder.In("source/empty"));

        SourceScan scan = Look("source");

        Assert.Equal([".hidden/logo.png"], scan.Pointers);
        Assert.Equal(["empty"], scan.EmptyFolders);
        Assert.Equal([".deployment", "a/.deployment"], scan.DotDeployments);
    }

    [Fact]
    public void Below_returns_the_same_as_a_scan_of_that_folder_alone()
    {
        foreach (string folder in (string[])["a", "a/b", "ab"])
        {
            Put($"source/{folder}/.deployment", "");
            Put($"source/{folder}/logo.png", Pointer);
            Directory.CreateDirectory(_folder.In($"source/{folder}/empty"));
        }

        SourceScan all = Look("source");

        Assert.Equivalent(Look("source/a"), all.Below("a"), strict: true);
        Assert.Equal(["b/logo.png", "logo.png"], all.Below("a").Pointers);
        Assert.Equivalent(all, all.Below("."), strict: true);
    }

    [Fact]
    public void An_updated_scan_does_not_follow_a_link_that_replaced_a_folder()
    {
        Put("outside/.deployment", "");
        Put("outside/logo.png", Pointer);
        Directory.CreateDirectory(_folder.In("source"));
        Directory.CreateSymbolicLink(_folder.In("source/a"), _folder.In("outside"));
        var before = new SourceScan(["a/logo.png"], [], ["a/.deployment"]);

        SourceScan after = before.After(
            [new ChangedFile("a/.deployment", IsRemoved: true), new ChangedFile("a/logo.png", IsRemoved: true), new ChangedFile("a", IsRemoved: false)],
            _folder.In("source"),
            TestContext.Current.CancellationToken);

        Assert.Equivalent(new SourceScan([], [], []), after, strict: true);
    }

    public void Dispose() => _folder.Dispose();

    private SourceScan Look(string folder) => SourceScan.Of(_folder.In(folder), TestContext.Current.CancellationToken);

    private void Put(string path, string content)
    {
        string file = _folder.In(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }
}

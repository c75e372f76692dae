using System.Diagnostics;
using System.IO.Enumeration;
using CsCheck;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Nyala.Server.Deploying;
using Nyala.Server.Deploying.Git;
using Nyala.Tests.Deploying.Fetch;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Git;

/// <summary>The spare checkout that a site with many files keeps for its next deployment.</summary>
public sealed class SpareCheckoutsTests(SharedServer shared)
{
    private const string SomeCommit = "1234567890123456789012345678901234567890";

    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

    private static readonly Gen<(string Path, string Mode, string Content)> AnyFile = Gen.OneOf(
        Gen.Select(One("a", "a/b", "a/b/c", "b.txt", "c/d.txt", "c/e.sh"), One("100644", "100755"), One("", "one\n", "two\n$Id$\n", Pointer)),
        Gen.Select(One(".deployment", "a/.deployment", "c/.deployment"), One("100644", "120000"), One("one\n", "b.txt")),
        Gen.Select(One("a", "a/b", "link"), Gen.Const("120000"), One("b.txt", "nowhere", "../..")),
        Gen.Select(One("a", "c", "sub/module"), Gen.Const("160000"), Gen.Const(SomeCommit)),
        Gen.Select(One(".gitattributes", "c/.gitattributes"), Gen.Const("100644"), One("*.txt text eol=crlf\n", "* ident\n", "*.sh -text\n")));

    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task A_checkout_with_a_spare_equals_a_checkout_without_one()
    {
        using var source = new SourceRepository();
        SiteFolder warm = Site(source, "warm"), cold = Site(source, "cold");
        (_, CheckedOutCommit last) = await CheckOutAsync(cold, source.CommitFiles());
        await AnyFile.List[0, 8].SampleAsync(
            async files =>
            {
                string commit = source.CommitFiles(files);
                Assert.Null(await Checkouts(warm).MakeSpareAsync(last, TestContext.Current.CancellationToken));

                (string[] expected, CheckedOutCommit afresh) = await CheckOutAsync(cold, commit);
                (string[] found, last) = await CheckOutAsync(warm, commit);

                Assert.Equal(expected, found);
                Assert.Equivalent(afresh.Scan, last.Scan, strict: true);
                Assert.Equal((commit, afresh.Files), (last.Commit, last.Files));
                Assert.False(Directory.Exists(warm.Spare));
            },
            iter: 40,
            threads: 1);
    }

    [Theory]
    [InlineData(".gitattributes", "", "*.txt text eol=crlf\n", "one\r\n")]
    [InlineData(".gitattributes", "*.txt text eol=crlf\n", "", "one\n")]
    [InlineData("a/.gitattributes", "", "*.txt text eol=crlf\n", "one\r\n")]
    public async Task A_changed_gitattributes_file_applies_to_unchanged_files(string path, string before, string after, string expected)
    {
        using var source = new SourceRepository();
        SiteFolder site = Site(source, "site");
        (_, CheckedOutCommit first) = await CheckOutAsync(site, source.CommitFiles(("a/b.txt", "100644", "one\n"), (path, "100644", before)));
        Assert.Null(await Checkouts(site).MakeSpareAsync(first, TestContext.Current.CancellationToken));

        (string[] found, _) = await CheckOutAsync(site, source.CommitFiles(("a/b.txt", "100644", "one\n"), (path, "100644", after)));

        Assert.EndsWith(expected, Assert.Single(found, entry => entry.StartsWith("a/b.txt ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_deployment_takes_over_the_spare_and_a_new_one_is_made()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server, hook: false);
        var folder = new SiteFolder(Path.Combine(_server.DataFolder, "sites", site.Name));
        host.Repository.CommitFiles(Many("first"));
        await site.DeployAsync(host.Url);
        await MadeAsync(folder);
        DateTime made = File.GetLastWriteTimeUtc(Path.Combine(folder.Spare, "0", "7.txt"));

        host.Repository.CommitFiles(Many("second"));
        Assert.Equal(200, (await site.DeployAsync(host.Url)).Code);

        Assert.Equal("second", await site.FileAsync());
        Assert.Equal("7", await site.FileAsync("0/7.txt"));
        Assert.Equal(made, File.GetLastWriteTimeUtc(Path.Combine(folder.Current, "0", "7.txt")));
        await MadeAsync(folder);
        Assert.NotEqual(made, File.GetLastWriteTimeUtc(Path.Combine(folder.Spare, "0", "7.txt")));
    }

    [Fact]
    public async Task A_site_can_be_removed_while_its_spare_is_made()
    {
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(_server, hook: false);
        host.Repository.CommitFiles(Many("first"));
        await site.DeployAsync(host.Url);

        Assert.Equal(204, (await _server.DeleteAsync($"/api/sites/{site.Name}")).Code);

        Assert.False(Directory.Exists(Path.Combine(_server.DataFolder, "sites", site.Name)));
    }

    [Fact]
    public async Task WaitUntilMadeAsync_waits_until_the_spare_is_made()
    {
        using var source = new SourceRepository();
        SiteFolder site = Site(source, "site");
        (_, CheckedOutCommit done) = await CheckOutAsync(site, source.CommitFiles(("a/b.txt", "100644", "one\n")));
        var shutdown = new Shutdown(new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance));
        var spares = new SpareCheckouts(new SiteFolders(source.Root), shutdown, new SignalClock(), NullLogger<SpareCheckouts>.Instance);

        // git reads this file first. Here it is a named pipe, so git waits for a writer.
        string pipe = Path.Combine(source.Folder, "objects", "info", "alternates");
        await Process.Start("mkfifo", pipe).WaitForExitAsync(TestContext.Current.CancellationToken);
        spares.Begin("site", done with { Files = 2000 });
        Task settled = spares.WaitUntilMadeAsync("site", TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => spares.WaitUntilMadeAsync("site", new CancellationToken(canceled: true)));
        Assert.False(settled.IsCompleted);
        await File.WriteAllTextAsync(pipe, "", TestContext.Current.CancellationToken);

        await settled.InTimeAsync();

        Assert.True(Directory.Exists(site.Spare));
    }

    private static Gen<string> One(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static IEnumerable<(string Path, string Mode, string Content)> Many(string index) =>
        [("index.html", "100644", index), .. Enumerable.Range(0, 2200).Select(i => ($"{i / 100}/{i}.txt", "100644", $"{i}"))];

    /// <summary>Creates a site folder whose repository is that of <paramref name="source"/>.</summary>
    private static SiteFolder Site(SourceRepository source, string name)
    {
        string path = Path.Combine(source.Root, "sites", name);
        Directory.CreateDirectory(path);
        Directory.CreateSymbolicLink(Path.Combine(path, "repository.git"), source.Folder);
        var site = new SiteFolder(path);
        site.MakeWork();
        return site;
    }

    private static Checkouts Checkouts(SiteFolder site) => new(new BareRepository(site.Repository));

    /// <summary>Checks out a commit and lists every path, with the target of a link, or with its mode and its content.</summary>
    private static async Task<(string[] Files, CheckedOutCommit Done)> CheckOutAsync(SiteFolder site, string commit)
    {
        string folder = Path.Combine(site.Work, "folder");
        SiteFolders.MakeReadable(folder);
        (CheckedOutCommit? done, string? failure) = await Checkouts(site).WriteAsync(commit, folder, TestContext.Current.CancellationToken);
        Assert.Null(failure);
        var all = new FileSystemEnumerable<FileSystemInfo>(
            folder, (ref FileSystemEntry entry) => entry.ToFileSystemInfo(), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        string[] found = [.. all.Select(entry => $"{Path.GetRelativePath(folder, entry.FullName)} {Describe(entry)}").Order(StringComparer.Ordinal)];
        Nyala.Server.Deploying.Git.Checkouts.RemoveIndex(folder);
        SiteFolders.Remove(folder);
        return (found, done!);
    }

    private static string Describe(FileSystemInfo entry) => entry switch
    {
        { LinkTarget: { } target } => $"→ {target}",
        FileInfo => $"{entry.UnixFileMode} {File.ReadAllText(entry.FullName)}",
        _ => $"{entry.UnixFileMode}",
    };

    private static async Task MadeAsync(SiteFolder folder)
    {
        using var limit = new CancellationTokenSource(Signals.Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!Directory.Exists(folder.Spare))
        {
            await look.WaitForNextTickAsync(limit.Token);
        }
    }
}

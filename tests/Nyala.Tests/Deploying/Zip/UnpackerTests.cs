using System.IO.Compression;
using CsCheck;
using Nyala.Server.Deploying.Zip;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Fuzzing;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Zip;

public sealed class UnpackerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Target => _folder.In("target");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Files_folders_modes_and_times_are_unpacked(bool wide)
    {
        string zip = new ZipBytes { Wide = wide }
            .Add("index.html", "<h1>Käse</h1>")
            .Add("bin/", "", entry => entry with { Attributes = ZipBytes.Folder })
            .Add("bin/run.sh", "#!/bin/sh", entry => entry with { Attributes = 0x8DFF_0000 })
            .Add("deep/er/none", "")
            .Add("secret", "s", entry => entry with { Attributes = 0x8000_0000 | 0x0100_0000 })
            .Add("empty/", "", entry => entry with { Attributes = ZipBytes.Folder })
            .Add("stored", "as it is", entry => entry with { Method = 0, Data = "as it is"u8.ToArray() })
            .Save(_folder.Path);

        Assert.Null(await UnpackAsync(zip));

        Assert.Equal("<h1>Käse</h1>", await File.ReadAllTextAsync(Path.Combine(Target, "index.html"), TestContext.Current.CancellationToken));
        Assert.Equal("as it is", await File.ReadAllTextAsync(Path.Combine(Target, "stored"), TestContext.Current.CancellationToken));
        Assert.Equal(["bin", "bin/run.sh", "deep", "deep/er", "deep/er/none", "empty", "index.html", "secret", "stored"], Under(Target));
        Assert.Equal(new DateTime(2026, 2, 27, 17, 45, 6, DateTimeKind.Utc), File.GetLastWriteTimeUtc(Path.Combine(Target, "index.html")));
        if (!OperatingSystem.IsWindows())
        {
            UnixFileMode program = File.GetUnixFileMode(Path.Combine(Target, "bin/run.sh"));
            Assert.True(program.HasFlag(UnixFileMode.UserExecute | UnixFileMode.OtherExecute));
            Assert.Equal((UnixFileMode)0, program & (UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Target, "secret")));
            Assert.False(File.GetUnixFileMode(Path.Combine(Target, "index.html")).HasFlag(UnixFileMode.UserExecute));
        }
    }

    [Fact]
    public void A_zip_made_by_ZipArchive_is_unpacked_unchanged() =>
        Gen.Select(Gen.Select(Gen.Char["abü"].Array[1, 4].Select(chars => new string(chars)), Gen.Byte.Array[0, 3000]).Array[1, 8], Gen.Enum<CompressionLevel>()).Sample(
            (files, level) =>
            {
                using var folder = new TempFolder();
                var content = files.DistinctBy(file => file.Item1).ToDictionary(file => $"{file.Item1[0]}_/{file.Item1}", file => file.Item2);
                using (ZipArchive archive = ZipFile.Open(folder.In("site.zip"), ZipArchiveMode.Create))
                {
                    foreach ((string name, byte[] bytes) in content)
                    {
                        using Stream to = archive.CreateEntry(name, level).Open();
                        to.Write(bytes);
                    }
                }

                Assert.Null(Unpacker.UnpackAsync(folder.In("site.zip"), folder.In("target"), new ZipOptions(), default).GetAwaiter().GetResult());

                Assert.All(content, pair => Assert.Equal(pair.Value, File.ReadAllBytes(folder.In("target", pair.Key))));
                Assert.Equal(content.Count, Directory.GetFiles(folder.In("target"), "*", SearchOption.AllDirectories).Length);
            },
            iter: Math.Min(Fuzz.Cases, 20_000) / 10);

    public static TheoryData<string, Delegate> Lies() => new()
    {
        { "contains more than the 3 bytes", (ZipBytes.Made entry) => entry with { Size = 3 } },
        { "contains more than the 0 bytes", (ZipBytes.Made entry) => entry with { Size = 0 } },
        { "contains 7 bytes, but declares 8", (ZipBytes.Made entry) => entry with { Size = 8 } },
        { "checksum", (ZipBytes.Made entry) => entry with { Crc = entry.Crc ^ 1 } },
        { "is damaged", (ZipBytes.Made entry) => entry with { Data = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF] } },
        { "contains 3 bytes, but declares 7", (ZipBytes.Made entry) => entry with { Data = entry.Data[..^5] } },
        { "is damaged", (ZipBytes.Made entry) => entry with { Offset = 1 } },
    };

    [Theory, MemberData(nameof(Lies))]
    public async Task An_entry_with_a_wrong_size_checksum_or_content_is_refused_with_its_name(string why, Delegate lie)
    {
        string? reason = await UnpackAsync(new ZipBytes().Add("odd", "content", (Func<ZipBytes.Made, ZipBytes.Made>)lie).Save(_folder.Path));

        Assert.Contains(why, reason, StringComparison.Ordinal);
        Assert.Contains("\"odd\"", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_whose_local_header_overlaps_the_next_entry_is_refused()
    {
        // By the central directory, the entries follow one another. The local header of the first entry claims a longer name.
        byte[] bytes = new ZipBytes().Add("a").Add("b").ToArray();
        bytes[26] = 50;
        string zip = _folder.In("site.zip");
        await File.WriteAllBytesAsync(zip, bytes, TestContext.Current.CancellationToken);

        Assert.Equal("The entry \"a\" is damaged: it overlaps what follows it.", await UnpackAsync(zip));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/../../evil")]
    [InlineData("..\\evil")]
    [InlineData("/tmp/nyala-evil")]
    [InlineData("C:\\evil")]
    public async Task Nothing_is_written_if_an_entry_points_outside_the_target(string name)
    {
        string? reason = await UnpackAsync(new ZipBytes().Add("good").Add(name).Save(_folder.Path));

        Assert.Contains("entry", reason, StringComparison.Ordinal);
        Assert.Equal(["site.zip"], Under(_folder.Path));
    }

    [Fact]
    public async Task Existing_symbolic_links_in_the_target_are_not_followed()
    {
        Directory.CreateDirectory(Target);
        Directory.CreateDirectory(_folder.In("outside"));
        Directory.CreateSymbolicLink(Path.Combine(Target, "a"), _folder.In("outside"));
        File.CreateSymbolicLink(Path.Combine(Target, "b"), _folder.In("outside", "b"));

        Assert.Contains("something else", await UnpackAsync(new ZipBytes().Add("a/evil").Save(_folder.Path)), StringComparison.Ordinal);
        Assert.Contains("something else", await UnpackAsync(new ZipBytes().Add("b").Save(_folder.Path)), StringComparison.Ordinal);
        Assert.Contains("something else", await UnpackAsync(new ZipBytes().Add("b/evil").Save(_folder.Path)), StringComparison.Ordinal);

        Assert.Empty(Under(_folder.In("outside")));
    }

    [Fact]
    public async Task An_existing_file_in_the_target_is_not_overwritten()
    {
        Directory.CreateDirectory(Target);
        await File.WriteAllTextAsync(Path.Combine(Target, "a"), "mine", TestContext.Current.CancellationToken);

        Assert.Contains("same path as something else", await UnpackAsync(new ZipBytes().Add("a").Save(_folder.Path)), StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(Target, "a"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_zip_bomb_is_refused_before_anything_is_written()
    {
        // 200 MiB of zeros, compressed to about 200 KiB.
        using (ZipArchive archive = await ZipFile.OpenAsync(_folder.In("bomb.zip"), ZipArchiveMode.Create, TestContext.Current.CancellationToken))
        {
            await using Stream to = await archive.CreateEntry("zeros").OpenAsync(TestContext.Current.CancellationToken);
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 200; i++)
            {
                await to.WriteAsync(zeros, TestContext.Current.CancellationToken);
            }
        }

        Assert.Contains("Deploying:Zip:Ratio", await UnpackAsync(_folder.In("bomb.zip")), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public async Task A_zip_with_100001_entries_is_refused_before_anything_is_written()
    {
        ZipBytes zip = new() { Wide = true };
        for (int i = 0; i <= 100_000; i++)
        {
            zip.Add($"{i}", "", entry => entry with { Data = [3, 0] });
        }

        Assert.Contains("100001", await UnpackAsync(zip.Save(_folder.Path)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public async Task A_canceled_unpack_throws_and_writes_nothing()
    {
        string zip = new ZipBytes().Add("a").Save(_folder.Path);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Unpacker.UnpackAsync(zip, Target, new ZipOptions(), new CancellationToken(canceled: true)));
        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public void Mutated_zips_never_write_outside_the_target_or_above_the_limits()
    {
        byte[][] zips =
        [
            new ZipBytes().Add("a", "0123456789").Add("../b", "x").ToArray(),
            new ZipBytes().Add("aa/a", "0123456789").Add("aa/b", new string('x', 500)).Add("c/", "").ToArray(),
            new ZipBytes { Wide = true }.Add("a", "0123456789").Add("link", "/etc/passwd", entry => entry with { Attributes = ZipBytes.Program }).ToArray(),
        ];
        var limits = new ZipOptions { Size = 1024, Entries = 10 };
        Odd.Mutated(Odd.Of(zips)).Sample(
            bytes =>
            {
                using var folder = new TempFolder();
                File.WriteAllBytes(folder.In("site.zip"), bytes);

                string? reason = Unpacker.UnpackAsync(folder.In("site.zip"), folder.In("target"), limits, default).GetAwaiter().GetResult();

                Assert.InRange(reason?.Length ?? 1, 1, 1024);
                Assert.Empty(Directory.GetFileSystemEntries(folder.Path).Except([folder.In("site.zip"), folder.In("target")]));
                if (Directory.Exists(folder.In("target")))
                {
                    FileSystemInfo[] made = new DirectoryInfo(folder.In("target")).GetFileSystemInfos("*", SearchOption.AllDirectories);
                    Assert.InRange(made.Length, 0, limits.Entries);
                    Assert.InRange(made.OfType<FileInfo>().Sum(file => file.Length), 0, limits.Size);
                    Assert.All(made, one => Assert.Null(one.LinkTarget));
                }
            },
            iter: Fuzz.Cases);
    }

    private Task<string?> UnpackAsync(string zip) => Unpacker.UnpackAsync(zip, Target, new ZipOptions(), TestContext.Current.CancellationToken).InTimeAsync();

    private static string[] Under(string folder) =>
        [.. Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal)];
}

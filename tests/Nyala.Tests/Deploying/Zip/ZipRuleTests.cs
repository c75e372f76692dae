using CsCheck;
using Nyala.Server.Deploying.Zip;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Zip;

public sealed class ZipRuleTests
{
    private const long Directory = 1L << 40;

    private static readonly ZipOptions Limits = new();

    [Fact]
    public void Items_are_returned_in_the_order_of_their_offsets()
    {
        ZipEntry[] entries = [File("b/c.txt") with { Offset = 2000 }, File("b/") with { Size = 0, Offset = 1000 }, File("a")];

        Assert.Equal(["a", "b", "b/c.txt"], Judge(entries, out _)!.Select(item => item.Path));
    }

    public static TheoryData<string, Delegate> Wrong() => new()
    {
        { "symbolic link", (ZipEntry entry) => entry with { Attributes = ZipBytes.Link } },
        { "symbolic link", (ZipEntry entry) => entry with { Attributes = ZipBytes.Link, MadeOn = 0 } },
        { "device", (ZipEntry entry) => entry with { Attributes = 0x2000_0000 } },
        { "device", (ZipEntry entry) => entry with { Attributes = 0x6000_0000 } },
        { "device", (ZipEntry entry) => entry with { Attributes = 0x1000_0000 } },
        { "device", (ZipEntry entry) => entry with { Attributes = 0xC000_0000 } },
        { "encrypted", (ZipEntry entry) => entry with { Flags = 1 } },
        { "encrypted", (ZipEntry entry) => entry with { Flags = 0x40 } },
        { "encrypted", (ZipEntry entry) => entry with { Flags = 0x2000 } },
        { "encrypted", (ZipEntry entry) => entry with { Method = 99 } },
        { "Deflate64", (ZipEntry entry) => entry with { Method = 9 } },
        { "Zstandard", (ZipEntry entry) => entry with { Method = 93 } },
        { "method 7", (ZipEntry entry) => entry with { Method = 7 } },
        { "two different sizes", (ZipEntry entry) => entry with { Method = 0, Packed = 1 } },
        { "size or position is missing", (ZipEntry entry) => entry with { Size = -1 } },
        { "size or position is missing", (ZipEntry entry) => entry with { Packed = -1 } },
        { "size or position is missing", (ZipEntry entry) => entry with { Offset = -1 } },
        { "overlaps", (ZipEntry entry) => entry with { Packed = Directory } },
        { "overlaps", (ZipEntry entry) => entry with { Offset = long.MaxValue } },
        { "folder, but has content", (ZipEntry entry) => entry with { Attributes = ZipBytes.Folder } },
        { "a folder by its attributes and a file by its name", (ZipEntry entry) => entry with { Attributes = ZipBytes.Folder, Size = 0, Packed = 0, Method = 0 } },
        { "a folder by its attributes and a file by its name", (ZipEntry entry) => entry with { MadeOn = 0, Attributes = 0x10, Size = 0, Packed = 0, Method = 0 } },
        { "..", (ZipEntry entry) => entry with { Name = "../odd" } },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void An_unsupported_or_invalid_entry_is_refused_with_its_name_and_the_reason(string why, Delegate change)
    {
        Assert.Null(Judge([File("good"), ((Func<ZipEntry, ZipEntry>)change)(File("odd") with { Offset = 5000 })], out string reason));
        Assert.Contains(why, reason, StringComparison.Ordinal);
        Assert.Contains("odd\"", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "a", "\"a\" exists twice")]
    [InlineData("a", "./a", "\"a\" exists twice")]
    [InlineData("a\\b", "a/b", "\"a/b\" exists twice")]
    [InlineData("a", "a/b", "\"a\" is a file, but a folder of that name contains \"a/b\"")]
    [InlineData("a/b/c/d", "a/b", "\"a/b\" is a file")]
    [InlineData("a/", "a", "\"a\" exists twice")]
    [InlineData("./", "./a/", null)]
    [InlineData("a/", "a/", null)]
    [InlineData("a!", "a/b", null)]
    [InlineData("a", "A", null)]
    public void Two_entries_are_refused_if_their_paths_conflict(string one, string other, string? why)
    {
        ZipEntry[] entries = [Entry(one), Entry("a!b") with { Offset = 1000 }, Entry(other) with { Offset = 2000 }];

        Assert.Equal(why is null, Judge(entries, out string reason) is not null);
        Assert.Contains(why ?? "", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Path_conflicts_and_the_entry_count_match_those_of_a_file_system() => Gen.Char["ab/!"].Array[1, 6].Select(chars => new string(chars)).Array[1, 6].Sample(
        names =>
        {
            ZipEntry[] entries = [.. names.Select((name, i) => Entry(name) with { Offset = i * 1000 })];
            if (names.Any(name => ZipPath.Of(name, name.EndsWith('/'), out _) is null))
            {
                return;
            }

            var files = new HashSet<string>(StringComparer.Ordinal);
            var folders = new HashSet<string>(StringComparer.Ordinal);
            bool twice = false;
            foreach (string name in names)
            {
                string path = name.TrimEnd('/');
                twice |= !name.EndsWith('/') && !files.Add(path);
                folders.UnionWith(Enumerable.Range(1, path.Length).Where(at => at == path.Length ? name.EndsWith('/') : path[at] == '/').Select(at => path[..at]));
            }

            bool good = !twice && !files.Overlaps(folders);
            int count = files.Count + folders.Count;

            Assert.Equal(good, Judge(entries, out _) is not null);
            Assert.Equal(good && names.Length <= count, Judge(entries, out _, new ZipOptions { Entries = count }) is not null);
            Assert.Null(Judge(entries, out _, new ZipOptions { Entries = count - 1 }));
        },
        iter: Fuzz.Cases);

    [Fact]
    public void More_entries_than_the_limit_are_refused()
    {
        ZipEntry[] entries = [.. Enumerable.Range(0, 100_001).Select(i => File($"file-{i}") with { Offset = i * 1000L })];

        Assert.NotNull(Judge(entries[1..], out _));
        Assert.Null(Judge(entries, out string reason));
        Assert.Equal("This zip contains 100001 files and folders; the maximum is 100000 (Deploying:Zip:Entries).", reason);
    }

    [Fact]
    public void Folders_that_exist_only_in_paths_count_as_entries()
    {
        ZipEntry[] entries = [.. Enumerable.Range(0, 300).Select(i => File(i + string.Concat(Enumerable.Repeat("/a", 400))) with { Offset = i * 1000L })];

        Assert.Null(Judge(entries, out string reason));
        Assert.Contains("folders that occur only in paths", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unpacked_size_above_the_limit_is_refused()
    {
        ZipEntry half = File("half") with { Size = 1L << 30, Packed = 1L << 29 };
        ZipEntry[] entries = [half, half with { Name = "other", Offset = 1L << 31 }];

        Assert.NotNull(Judge(entries, out _));
        Assert.Null(Judge([.. entries, File("last") with { Size = 1, Offset = 1L << 32 }], out string reason));
        Assert.Equal("This zip unpacks to more than 2147483648 bytes, counting the entries up to \"last\" (Deploying:Zip:Size).", reason);
        Assert.Null(Judge([half with { Size = long.MaxValue }, half with { Name = "other", Size = long.MaxValue, Offset = 1L << 31 }], out _));
    }

    [Theory]
    [InlineData(100 * 1024 * 1024, 1, true)]
    [InlineData(100 * 1024 * 1024 + 100, 1024 * 1024 + 1, true)]
    [InlineData(100 * 1024 * 1024 + 100, 1024 * 1024, false)]
    [InlineData(1000 * 1024 * 1024, 1024 * 1024, false)]
    [InlineData(1000 * 1024 * 1024, 11 * 1024 * 1024, true)]
    public void A_zip_bomb_is_refused_by_its_compression_ratio(long size, long packed, bool taken)
    {
        Assert.Equal(taken, Judge([File("zeros") with { Size = size, Packed = packed }], out string reason) is not null);
        Assert.Equal(taken ? "" : "Deploying:Zip:Ratio", taken ? reason : reason[reason.IndexOf("Deploying:Zip:Ratio", StringComparison.Ordinal)..][..19]);
    }

    [Fact]
    public void Overlapping_entries_are_refused()
    {
        ZipEntry kernel = File("a") with { Packed = 970, Size = 5000 };

        Assert.NotNull(Judge([kernel, kernel with { Name = "b", Offset = 1000 }], out _));
        Assert.Null(Judge([kernel, kernel with { Name = "b", Offset = 999 }], out string reason));
        Assert.Contains("overlaps what follows it", reason, StringComparison.Ordinal);
        Assert.Null(Judge([kernel, kernel with { Name = "b" }], out _));
    }

    [Fact]
    public void An_empty_zip_is_accepted() => Assert.Empty(Judge([], out _)!);

    [Theory]
    [InlineData("a", "\"a\"")]
    [InlineData("a\u001b[2J\u202e\u2028", "\"a\\u001b[2J\\u202e\\u2028\"")]
    public void Quote_escapes_control_and_formatting_characters(string name, string quoted) => Assert.Equal(quoted, ZipRule.Quote(name));

    [Fact]
    public void Quote_truncates_a_long_name() => Assert.Equal($"\"{new string('é', 100)}…\"", ZipRule.Quote(new string('é', 1000)));

    private static IReadOnlyList<ZipItem>? Judge(ZipEntry[] entries, out string reason, ZipOptions? limits = null)
    {
        IReadOnlyList<ZipItem>? items = ZipRule.Judge(entries, Directory, limits ?? Limits, out reason);
        Assert.Equal(items is null, reason.Length > 0);
        return items;
    }

    private static ZipEntry File(string name) => new() { Name = name, MadeOn = 3, Method = 8, Size = 20, Packed = 10, Attributes = ZipBytes.File };

    private static ZipEntry Entry(string name) => File(name) with { Attributes = 0, Size = name.EndsWith('/') ? 0 : 20 };
}

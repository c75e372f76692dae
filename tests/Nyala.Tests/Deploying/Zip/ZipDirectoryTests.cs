using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using CsCheck;
using Nyala.Server.Deploying.Zip;
using Nyala.Tests.Fuzzing;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Zip;

public sealed class ZipDirectoryTests
{
    private static readonly ZipOptions Limits = new() { Entries = 1000 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_entry_is_read(bool wide)
    {
        byte[] zip = new ZipBytes { Wide = wide, Comment = "the commit, and more than twenty bytes of it: PK" }
            .Add("a.txt", "one")
            .Add("käse/run", "two", entry => entry with { Attributes = ZipBytes.Program })
            .Add("old/", "", entry => entry with { MadeOn = 0, Attributes = 0x10 })
            .ToArray();

        IReadOnlyList<ZipEntry> entries = Read(zip, out _)!;

        Assert.Equal(["a.txt", "käse/run", "old/"], entries.Select(entry => entry.Name));
        Assert.Equal([false, false, true], entries.Select(entry => entry.IsFolder));
        Assert.Equal([3, 3, 0], entries.Select(entry => entry.Size));
        Assert.Equal((UnixFileMode)0b111_101_101, entries[1].Mode);
        Assert.Equal((UnixFileMode)0, entries[2].Mode);
        Assert.All(entries, entry => Assert.Equal(new DateTime(2026, 2, 27, 17, 45, 6), entry.Changed));
    }

    [Fact]
    public void The_time_and_the_name_in_extra_fields_take_precedence()
    {
        byte[] plain = "k#U00e4se"u8.ToArray();
        byte[] name = [1, .. BitConverter.GetBytes(Crc32.HashToUInt32(plain)), .. "käse"u8];
        byte[] time = [0x55, 0x54, 5, 0, 1, .. BitConverter.GetBytes(1_700_000_000)];

        ZipEntry entry = Read(new ZipBytes().Add("x", "", made => made with { Name = plain, Extra = [.. time, 0x75, 0x70, (byte)name.Length, 0, .. name] }).ToArray(), out _)!.Single();

        Assert.Equal(("käse", DateTime.UnixEpoch.AddSeconds(1_700_000_000)), (entry.Name, entry.Changed));
    }

    [Fact]
    public void A_Unicode_name_with_a_wrong_checksum_is_ignored()
    {
        byte[] name = [1, 0, 0, 0, 0, .. "other"u8];

        Assert.Equal("x", Read(new ZipBytes().Add("x", "", made => made with { Extra = [0x75, 0x70, (byte)name.Length, 0, .. name] }).ToArray(), out _)!.Single().Name);
    }

    public static TheoryData<string, byte[]> Others() => new()
    {
        { "an empty file", [] },
        { "a gzip file", [0x1F, 0x8B, 8, 0] },
        { "a bzip2 file", "BZh91AY"u8.ToArray() },
        { "an xz file", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0] },
        { "a zstd file", [0x28, 0xB5, 0x2F, 0xFD, 0] },
        { "a 7z archive", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C] },
        { "a rar archive", "Rar!\u001a"u8.ToArray() },
        { "a tar archive", [.. new byte[257], .. "ustar\0"u8, .. new byte[300]] },
        { "an HTML page", "\n<!DOCTYPE html><html>"u8.ToArray() },
        { "an HTML page", "<HTML><body>Log in"u8.ToArray() },
        { "JSON", "{\"error\":\"x\"}"u8.ToArray() },
        { "a form", "------x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nPK"u8.ToArray() },
        { "text", "käse"u8.ToArray() },
        { "text", [.. Enumerable.Repeat((byte)'x', 511), .. "käse"u8] },
        { "another kind", [0, 1, 2, 3] },
        { "has no end: it was cut off", new ZipBytes().Add("a").ToArray()[..40] },
        { "has no end: it was cut off", new ZipBytes().Add("a").ToArray()[..^1] },
        { "has no end: it was cut off", new ZipBytes { Comment = "four" }.Add("a").ToArray()[..^3] },
        { "has extra bytes after its end", [.. new ZipBytes().Add("a").ToArray(), 10] },
    };

    [Theory, MemberData(nameof(Others))]
    public void A_file_that_is_not_a_complete_zip_is_refused_with_the_detected_format(string what, byte[] bytes)
    {
        Assert.Null(Read(bytes, out string reason));
        Assert.Contains(what, reason, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[]> Lies() => new()
    {
        { "contains 5000000000 files", new ZipBytes { Wide = true, Count = 5_000_000_000 }.Add("a").ToArray() },
        { "contains 1001 files", new ZipBytes { Count = 1001 }.Add("a").ToArray() },
        { "does not match its end record", new ZipBytes { Count = 2 }.Add("a").ToArray() },
        { "does not match its end record", new ZipBytes { Count = 2 }.Add(new string('x', 60)).ToArray() },
        { "does not match its end record", new ZipBytes { Count = 1 }.Add("a").Add("b").ToArray() },
        { "is not where its end record says", new ZipBytes { DirectorySize = 46 }.Add("a").ToArray() },
        { "is not where its end record says", new ZipBytes { DirectoryOffset = 1 }.Add("a").ToArray() },
        { "is not where its end record says", new ZipBytes { BeforeEnd = [0] }.Add("a").ToArray() },
        { "is not where its end record says", new ZipBytes { Wide = true, BeforeEnd = [0] }.Add("a").ToArray() },
        { "is not where its end record says", [0, .. new ZipBytes().Add("a").ToArray()] },
        { "bytes that look like a part of a zip", new ZipBytes { Comment = "PK\u0005\u0006 of the comment, and more than twenty bytes of it" }.Add("a").ToArray() },
        { "bytes that look like a part of a zip", new ZipBytes { Comment = "and PPK\u0001\u0002" }.Add("a").ToArray() },
        { "two end records that contradict each other", Patched(new ZipBytes { Wide = true }.Add("a").ToArray(), fromEnd: 12, 2) },
        { "two end records that contradict each other", Patched(new ZipBytes { Wide = true }.Add("a").ToArray(), fromEnd: 22 + 20 + 48, 45) },
        { "is one part of several", Patched(new ZipBytes().Add("a").ToArray(), fromEnd: 18, 1) },
        { "is one part of several", Patched(new ZipBytes().Add("a").ToArray(), fromEnd: 14, 2) },
        { "is one part of several", Patched(new ZipBytes { Wide = true }.Add("a").ToArray(), fromEnd: 22 + 20 + 40, 1) },
        { "is one part of several", Patched(new ZipBytes { Wide = true }.Add("a").ToArray(), fromEnd: 22 + 20 + 32, 2) },
        { "second name", new ZipBytes().Add("x", "", made => made with { Extra = UnicodeName("x"u8, "y"u8) }).ToArray() },
        { "declares its size or its name twice", new ZipBytes().Add("x", "", made => made with { Extra = [.. UnicodeName("x"u8, "x"u8), .. UnicodeName("x"u8, "y"u8)] }).ToArray() },
        { "declares its size or its name twice", new ZipBytes { Wide = true }.Add("x", "", made => made with { Extra = [1, 0, 8, 0, .. new byte[8]] }).ToArray() },
        { "declares its size or its name twice", new ZipBytes().Add("x", "", made => made with { Extra = [1, 0, 8, 0, .. BitConverter.GetBytes(99L)] }).ToArray() },
        { "is not where its end record says", new ZipBytes { DirectoryOffset = 1000 }.Add("a").ToArray() },
        { "is not where its end record says", new ZipBytes { Wide = true, DirectoryOffset = -1 }.Add("a").ToArray() },
        { "is not where its end record says", new ZipBytes { Wide = true, DirectorySize = long.MaxValue }.Add("a").ToArray() },
        { "is not where its end record says", new ZipBytes { Wide = true, Count = -1 }.Add("a").ToArray() },
        { "not UTF-8", new ZipBytes().Add("a", "", made => made with { Name = [0x6B, 0x84, 0x73, 0x65] }).ToArray() },
        { "a path of 1025 bytes", new ZipBytes().Add(new string('x', 1025)).ToArray() },
    };

    [Theory, MemberData(nameof(Lies))]
    public void An_inconsistent_or_oversized_zip_is_refused_with_the_reason(string why, byte[] bytes)
    {
        Assert.Null(Read(bytes, out string reason));
        Assert.Contains(why, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_inflated_with_padding_is_refused()
    {
        ZipBytes zip = new();
        for (int i = 0; i < 9; i++)
        {
            zip.Add($"{i}", "", made => made with { Extra = [0x99, 0x99, .. BitConverter.GetBytes((ushort)60_000), .. new byte[60_000]] });
        }

        Assert.Null(Read(zip.ToArray(), out string reason));
        Assert.StartsWith("The directory of this zip has 540459 bytes, more than 1000 entries need", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_returns_the_same_entries_as_ZipArchive()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (int i = 0; i < 100; i++)
            {
                using Stream content = archive.CreateEntry($"folder-{i % 7}/ü-{i}.txt", i % 2 == 0 ? CompressionLevel.NoCompression : CompressionLevel.Optimal).Open();
                content.Write(new byte[i]);
            }
        }

        IReadOnlyList<ZipEntry> entries = Read(stream.ToArray(), out _)!;
        using var read = new ZipArchive(stream);

        Assert.Equal(read.Entries.Select(entry => (entry.FullName, entry.Length, entry.CompressedLength, entry.Crc32)), entries.Select(entry => (entry.Name, entry.Size, entry.Packed, entry.Crc)));
    }

    [Fact]
    public void Read_returns_entries_or_a_reason_for_any_bytes()
    {
        byte[][] zips =
        [
            new ZipBytes().Add("a").Add("b/c", new string('x', 500)).ToArray(),
            new ZipBytes { Wide = true, Comment = "made by hand" }.Add("a").Add("b/").ToArray(),
        ];
        Gen.OneOf(Odd.Mutated(Odd.Of(zips)), Odd.Bytes.Select(bytes => Encoding.ASCII.GetBytes("PK\u0003\u0004").Concat(bytes).ToArray())).Sample(
            bytes =>
            {
                IReadOnlyList<ZipEntry>? entries = Read(bytes, out string reason);

                Assert.Equal(entries is null, reason.Length > 0);
                Assert.InRange(reason.Length, 0, 1024);
                Assert.InRange(entries?.Count ?? 0, 0, Limits.Entries);
            },
            iter: Fuzz.Cases);
    }

    [Fact]
    public void An_end_record_inside_an_entry_record_is_refused_as_a_second_end()
    {
        // By its comment length, the false end record reaches exactly to the end of the file, as the real one does.
        byte[] zip = new ZipBytes().Add("a", "", made => made with { Extra = [0x99, 0x99, 22, 0, .. "PK\u0005\u0006"u8, .. new byte[16], 22, 0] }).ToArray();

        Assert.Null(Read(zip, out string reason));
        Assert.Contains("two end records", reason, StringComparison.Ordinal);
    }

    private static byte[] UnicodeName(ReadOnlySpan<byte> written, ReadOnlySpan<byte> name) =>
        [0x75, 0x70, (byte)(5 + name.Length), 0, 1, .. BitConverter.GetBytes(Crc32.HashToUInt32(written)), .. name];

    private static byte[] Patched(byte[] zip, int fromEnd, byte value)
    {
        zip[^fromEnd] = value;
        return zip;
    }

    private static IReadOnlyList<ZipEntry>? Read(byte[] bytes, out string reason)
    {
        using var stream = new MemoryStream(bytes);
        return ZipDirectory.Read(stream, Limits, out reason, out _);
    }
}

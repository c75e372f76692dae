using System.IO.Hashing;
using CsCheck;
using Nyala.Server.Deploying.Zip;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;
using Lie = System.Func<Nyala.Tests.Deploying.Zip.ZipBytes.Made, Nyala.Tests.Deploying.Zip.ZipBytes.Made>;

namespace Nyala.Tests.Deploying.Zip;

/// <summary>Zips that two programs could read differently.</summary>
public sealed class ZipLayoutTests : IDisposable
{
    private const ushort Streamed = 0x808;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, Delegate> Lies() => new()
    {
        { "a different name in its own header", (Lie)(entry => entry with { LocalName = "new"u8.ToArray() }) },
        { "a different name in its own header", (Lie)(entry => entry with { LocalName = "../odd"u8.ToArray() }) },
        { "a different name in its own header", (Lie)(entry => entry with { LocalExtra = UnicodeName("odd"u8, "new"u8) }) },
        { "a different name in its own header", (Lie)(entry => entry with { LocalExtra = [.. UnicodeName("odd"u8, "new"u8), .. UnicodeName("odd"u8, "odd"u8)] }) },
        { "a different compression method in its own header", (Lie)(entry => entry with { LocalMethod = 0 }) },
        { "a different set of flags in its own header", (Lie)(entry => entry with { LocalFlags = 0x801 }) },
        { "a different set of flags in its own header", (Lie)(entry => entry with { LocalFlags = Streamed }) },
        { "a different set of flags in its own header", (Lie)(entry => entry with { LocalFlags = 0 }) },
        { "a different checksum in its own header", (Lie)(entry => entry with { LocalCrc = entry.Crc ^ 1 }) },
        { "a different checksum in its own header", (Lie)(entry => entry with { LocalCrc = 0 }) },
        { "a different size in its own header", (Lie)(entry => entry with { LocalSize = entry.Size + 1 }) },
        { "a different size in its own header", (Lie)(entry => entry with { LocalPacked = 0 }) },
        { "a different size in its own header", (Lie)(entry => entry with { LocalSize = uint.MaxValue, LocalPacked = uint.MaxValue }) },
        { "a different size in its own header", (Lie)(entry => entry with { LocalSize = uint.MaxValue, LocalPacked = uint.MaxValue, LocalExtra = Wide(entry.Size + 1, entry.Data.Length) }) },
        { "a different size in its own header", (Lie)(entry => entry with { LocalExtra = Wide(entry.Size, entry.Data.Length + 1) }) },
        { "5 bytes before it", (Lie)(entry => entry with { Before = new byte[5] }) },
        { "5 bytes after it", (Lie)(entry => entry with { Behind = new byte[5] }) },
        { "where its sizes should be", (Lie)(entry => entry with { Flags = Streamed }) },
        { "where its sizes should be", (Lie)(entry => entry with { Flags = Streamed, Behind = [.. Descriptor(entry), 0] }) },
        { "different sizes after it", (Lie)(entry => entry with { Flags = Streamed, Behind = Descriptor(entry with { Size = entry.Size + 1 }) }) },
        { "different sizes after it", (Lie)(entry => entry with { Flags = Streamed, Behind = Descriptor(entry with { Crc = entry.Crc ^ 1 }) }) },
        { "different sizes after it", (Lie)(entry => entry with { Flags = Streamed, Behind = [0, 0, 0, 0, .. Descriptor(entry)[4..]] }) },
        { "bytes after the end of its compressed content", (Lie)(entry => entry with { Data = [.. entry.Data, 0] }) },
        { "bytes after the end of its compressed content", (Lie)(entry => entry with { Data = [.. entry.Data, .. new byte[1000]] }) },
        { "bytes after the end of its compressed content", (Lie)(entry => entry with { Data = [.. entry.Data, .. entry.Data] }) },
        { "contains bytes that look like its own end", (Lie)(entry => Stored(entry, [1, 2, 3, .. "PK\u0007\u0008"u8, 9, 9, 9, 9, 3, 0, 0, 0, 3, 0, 0, 0])) },
        { "contains bytes that look like its own end", (Lie)(entry => Stored(entry, [.. new byte[200_000], .. "PK\u0007\u0008"u8, 9, 9, 9, 9, .. BitConverter.GetBytes(200_000)])) },
    };

    [Theory, MemberData(nameof(Lies))]
    public async Task A_zip_that_two_programs_could_read_differently_is_refused(string why, Delegate lie)
    {
        string? reason = await UnpackAsync(new ZipBytes().Add("odd", "some content", (Lie)lie).ToArray());

        Assert.Contains(why, reason, StringComparison.Ordinal);
        Assert.Contains("\"odd\"", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_between_entries_or_before_the_directory_are_refused()
    {
        Assert.Contains("7 bytes after it", await UnpackAsync(new ZipBytes().Add("a").Add("b", lie: entry => entry with { Before = new byte[7] }).ToArray()), StringComparison.Ordinal);
        Assert.Contains("7 bytes after it", await UnpackAsync(new ZipBytes { BeforeDirectory = new byte[7] }.Add("a").ToArray()), StringComparison.Ordinal);
        Assert.Contains("7 bytes before its directory", await UnpackAsync(new ZipBytes { BeforeDirectory = new byte[7] }.ToArray()), StringComparison.Ordinal);
    }

    /// <summary>The content is read in blocks. The descriptor must be found even if it spans two of them.</summary>
    [Fact]
    public async Task A_false_data_descriptor_in_stored_content_is_found_across_block_boundaries()
    {
        const int Piece = 128 * 1024;
        for (int at = Piece - 32; at <= Piece + 16; at++)
        {
            byte[] content = [.. new byte[at], .. "PK\u0007\u0008"u8, 9, 9, 9, 9, .. BitConverter.GetBytes(at)];

            string? reason = await UnpackAsync(new ZipBytes().Add("odd", "", entry => Stored(entry, content)).ToArray());

            Assert.True(reason?.Contains("contains bytes that look like its own end", StringComparison.Ordinal) == true, $"At {at}: {reason}");
        }
    }

    public static TheoryData<string, Delegate> Variants() => new()
    {
        { "streamed", (Lie)(entry => entry with { Flags = Streamed, LocalCrc = 0, LocalPacked = 0, LocalSize = 0, Behind = Descriptor(entry) }) },
        { "streamed with sizes", (Lie)(entry => entry with { Flags = Streamed, LocalCrc = 0, LocalPacked = 0, Behind = Descriptor(entry) }) },
        { "streamed without a signature", (Lie)(entry => entry with { Flags = Streamed, LocalCrc = 0, LocalPacked = 0, LocalSize = 0, Behind = Descriptor(entry)[4..] }) },
        { "streamed, wide", (Lie)(entry => entry with { Flags = Streamed, LocalCrc = 0, LocalPacked = uint.MaxValue, LocalSize = uint.MaxValue, LocalExtra = Wide(0, 0), Behind = WideDescriptor(entry) }) },
        { "wide", (Lie)(entry => entry with { LocalPacked = uint.MaxValue, LocalSize = uint.MaxValue, LocalExtra = Wide(entry.Size, entry.Data.Length) }) },
        { "wide without need", (Lie)(entry => entry with { LocalExtra = Wide(entry.Size, entry.Data.Length), Extra = Wide(entry.Size, entry.Data.Length) }) },
        { "Java's mark", (Lie)(entry => entry with { LocalExtra = [0xFE, 0xCA, 0, 0], Extra = [0xFE, 0xCA, 0, 0] }) },
        { "a Unicode name that is the name", (Lie)(entry => entry with { LocalExtra = UnicodeName("odd"u8, "odd"u8), Extra = UnicodeName("odd"u8, "odd"u8) }) },
        { "stored and streamed", (Lie)(entry => Stored(entry, "some content"u8.ToArray())) },
        { "a descriptor of another zip in stored content", (Lie)(entry => Stored(entry, [.. "some PK\u0007\u0008 content"u8, 9, 9, 9, 9, 9])) },
    };

    [Theory, MemberData(nameof(Variants))]
    public async Task Variants_that_common_tools_write_are_accepted(string tool, Delegate variant)
    {
        Assert.True(await UnpackAsync(new ZipBytes().Add("first").Add("odd", "some content", (Lie)variant).Add("last").ToArray()) is null, tool);
        Assert.True(File.Exists(_folder.In("target", "odd")), tool);
    }

    [Fact]
    public void A_zip_with_one_changed_byte_is_refused_or_unpacks_to_the_same_files()
    {
        byte[] good = new ZipBytes().Add("a", "0123456789").Add("b/c", new string('x', 500), entry => entry with { Flags = Streamed, Behind = Descriptor(entry) }).ToArray();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Sample(
            (at, value) =>
            {
                using var folder = new TempFolder();
                byte[] changed = [.. good];
                changed[at] = value;
                File.WriteAllBytes(folder.In("site.zip"), changed);

                string? reason = Unpacker.UnpackAsync(folder.In("site.zip"), folder.In("target"), new ZipOptions(), default).GetAwaiter().GetResult();

                Assert.True(
                    reason is not null
                    || (File.ReadAllText(folder.In("target", "a")) == "0123456789" && File.ReadAllText(folder.In("target", "b/c")) == new string('x', 500)),
                    $"Byte {at} as {value}.");
            },
            iter: Math.Min(Fuzz.Cases, 20_000));
    }

    private async Task<string?> UnpackAsync(byte[] zip)
    {
        await File.WriteAllBytesAsync(_folder.In("site.zip"), zip, TestContext.Current.CancellationToken);
        return await Unpacker.UnpackAsync(_folder.In("site.zip"), _folder.In("target"), new ZipOptions(), TestContext.Current.CancellationToken).InTimeAsync();
    }

    private static ZipBytes.Made Stored(ZipBytes.Made entry, byte[] content)
    {
        ZipBytes.Made stored = entry with { Data = content, Size = content.Length, Crc = Crc32.HashToUInt32(content), Method = 0, Flags = Streamed, LocalCrc = 0, LocalPacked = 0, LocalSize = 0 };
        return stored with { Behind = Descriptor(stored) };
    }

    private static byte[] Descriptor(ZipBytes.Made entry) =>
        [.. "PK\u0007\u0008"u8, .. BitConverter.GetBytes(entry.Crc), .. BitConverter.GetBytes(entry.Data.Length), .. BitConverter.GetBytes((uint)entry.Size)];

    private static byte[] WideDescriptor(ZipBytes.Made entry) =>
        [.. "PK\u0007\u0008"u8, .. BitConverter.GetBytes(entry.Crc), .. BitConverter.GetBytes((long)entry.Data.Length), .. BitConverter.GetBytes(entry.Size)];

    private static byte[] Wide(long size, long packed) => [1, 0, 16, 0, .. BitConverter.GetBytes(size), .. BitConverter.GetBytes(packed)];

    private static byte[] UnicodeName(ReadOnlySpan<byte> written, ReadOnlySpan<byte> name) =>
        [0x75, 0x70, (byte)(5 + name.Length), 0, 1, .. BitConverter.GetBytes(Crc32.HashToUInt32(written)), .. name];
}

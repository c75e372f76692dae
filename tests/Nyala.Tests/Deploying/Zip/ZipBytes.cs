using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Nyala.Tests.Deploying.Zip;

/// <summary>Builds a zip byte by byte. Every field can be given a false value.</summary>
internal sealed class ZipBytes
{
    /// <summary>The external attributes that Unix tools write for a file, an executable, a folder and a symbolic link.</summary>
    public const uint File = 0x81A4_0000, Program = 0x81ED_0000, Folder = 0x41ED_0010, Link = 0xA1FF_0000;

    private readonly List<Made> _entries = [];

    public string Comment { get; init; } = "";

    /// <summary>Whether sizes, offsets and the end record are written in the zip64 format.</summary>
    public bool Wide { get; init; }

    /// <summary>The entry count in the end record; null for the true count. The next two properties do the same for the directory.</summary>
    public long? Count { get; init; }

    public long? DirectorySize { get; init; }

    public long? DirectoryOffset { get; init; }

    /// <summary>Extra bytes before the directory. <see cref="BeforeEnd"/> holds those between the directory and the end record.</summary>
    public byte[] BeforeDirectory { get; init; } = [];

    public byte[] BeforeEnd { get; init; } = [];

    public ZipBytes Add(string name, string content = "content", Func<Made, Made>? lie = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        var entry = new Made(Encoding.UTF8.GetBytes(name), Deflate(bytes), bytes.Length, Crc32.HashToUInt32(bytes));
        _entries.Add(lie is null ? entry : lie(entry));
        return this;
    }

    public byte[] ToArray()
    {
        using var zip = new MemoryStream();
        using var writer = new BinaryWriter(zip);
        var offsets = new List<long>();
        foreach (Made entry in _entries)
        {
            writer.Write(entry.Before);
            offsets.Add(zip.Position);
            WriteLocal(writer, entry);
        }

        writer.Write(BeforeDirectory);
        long directory = zip.Position;
        foreach ((Made entry, long offset) in _entries.Zip(offsets))
        {
            WriteRecord(writer, entry, entry.Offset ?? offset);
        }

        long end = zip.Position;
        writer.Write(BeforeEnd);
        (long count, long size, long start) = (Count ?? _entries.Count, DirectorySize ?? end - directory, DirectoryOffset ?? directory);
        if (Wide)
        {
            WriteWideEnd(writer, zip.Position, count, size, start);
        }

        writer.Write("PK\u0005\u0006"u8);
        writer.Write(0);
        writer.Write(Wide ? ushort.MaxValue : (ushort)count);
        writer.Write(Wide ? ushort.MaxValue : (ushort)count);
        writer.Write(Wide ? uint.MaxValue : (uint)size);
        writer.Write(Wide ? uint.MaxValue : (uint)start);
        writer.Write((ushort)Comment.Length);
        writer.Write(Encoding.ASCII.GetBytes(Comment));
        return zip.ToArray();
    }

    public string Save(string folder)
    {
        string file = Path.Combine(folder, "site.zip");
        System.IO.File.WriteAllBytes(file, ToArray());
        return file;
    }

    public static byte[] Deflate(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(content);
        }

        return packed.ToArray();
    }

    private static void WriteLocal(BinaryWriter writer, Made entry)
    {
        writer.Write("PK\u0003\u0004"u8);
        WriteCommon(writer, entry with { Flags = entry.LocalFlags ?? entry.Flags, Method = entry.LocalMethod ?? entry.Method, Crc = entry.LocalCrc ?? entry.Crc });
        writer.Write((uint)(entry.LocalPacked ?? entry.Packed ?? entry.Data.Length));
        writer.Write((uint)(entry.LocalSize ?? entry.Size));
        byte[] name = entry.LocalName ?? entry.Name;
        writer.Write((ushort)name.Length);
        writer.Write((ushort)entry.LocalExtra.Length);
        writer.Write(name);
        writer.Write(entry.LocalExtra);
        writer.Write(entry.Data);
        writer.Write(entry.Behind);
    }

    private void WriteRecord(BinaryWriter writer, Made entry, long offset)
    {
        long packed = entry.Packed ?? entry.Data.Length;
        byte[] wide = Wide ? [1, 0, 24, 0, .. BitConverter.GetBytes(entry.Size), .. BitConverter.GetBytes(packed), .. BitConverter.GetBytes(offset)] : [];
        writer.Write("PK\u0001\u0002"u8);
        writer.Write((ushort)(entry.MadeOn << 8));
        WriteCommon(writer, entry);
        writer.Write(Wide ? uint.MaxValue : (uint)packed);
        writer.Write(Wide ? uint.MaxValue : (uint)entry.Size);
        writer.Write((ushort)entry.Name.Length);
        writer.Write((ushort)(wide.Length + entry.Extra.Length));
        writer.Write((ushort)0);
        writer.Write(0);
        writer.Write(entry.Attributes);
        writer.Write(Wide ? uint.MaxValue : (uint)offset);
        writer.Write(entry.Name);
        writer.Write(wide);
        writer.Write(entry.Extra);
    }

    /// <summary>Writes the version, the flags, the method, the time 2026-02-27 17:45:06 and the checksum.</summary>
    private static void WriteCommon(BinaryWriter writer, Made entry)
    {
        writer.Write((ushort)45);
        writer.Write(entry.Flags);
        writer.Write(entry.Method);
        writer.Write((ushort)((17 << 11) | (45 << 5) | 3));
        writer.Write((ushort)((46 << 9) | (2 << 5) | 27));
        writer.Write(entry.Crc);
    }

    private static void WriteWideEnd(BinaryWriter writer, long end, long count, long size, long start)
    {
        writer.Write("PK\u0006\u0006"u8);
        writer.Write(44L);
        writer.Write((ushort)45);
        writer.Write((ushort)45);
        writer.Write(0L);
        writer.Write(count);
        writer.Write(count);
        writer.Write(size);
        writer.Write(start);
        writer.Write("PK\u0006\u0007"u8);
        writer.Write(0);
        writer.Write(end);
        writer.Write(1);
    }

    /// <summary>An entry as it is written.</summary>
    internal sealed record Made(byte[] Name, byte[] Data, long Size, uint Crc)
    {
        public ushort Method { get; init; } = 8;

        public ushort Flags { get; init; } = 0x800;

        public byte MadeOn { get; init; } = 3;

        public uint Attributes { get; init; } = File;

        public byte[] Extra { get; init; } = [];

        /// <summary>The name in the local header; null for the name in the directory. The next five properties do the same for other fields.</summary>
        public byte[]? LocalName { get; init; }

        public ushort? LocalFlags { get; init; }

        public ushort? LocalMethod { get; init; }

        public uint? LocalCrc { get; init; }

        public long? LocalPacked { get; init; }

        public long? LocalSize { get; init; }

        public byte[] LocalExtra { get; init; } = [];

        /// <summary>Extra bytes before the local header. <see cref="Behind"/> holds those after the content.</summary>
        public byte[] Before { get; init; } = [];

        public byte[] Behind { get; init; } = [];

        /// <summary>The declared packed size; null for the true size.</summary>
        public long? Packed { get; init; }

        /// <summary>The declared offset; null for the true offset.</summary>
        public long? Offset { get; init; }
    }
}

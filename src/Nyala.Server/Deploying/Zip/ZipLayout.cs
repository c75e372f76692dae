using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Nyala.Server.Deploying.Zip;

/// <summary>
/// Reads a zip from its first byte to its directory, like a program that never looks at the directory, and refuses it unless both ways of reading find the
/// same. Otherwise a zip could pass one program's check and be deployed as something else by another.
/// </summary>
internal static class ZipLayout
{
    private const int HeaderLength = 30;
    private const int MaxExtra = ushort.MaxValue;

    /// <summary>The flags that change how an entry is read: encrypted, streamed, strongly encrypted, UTF-8, hidden header.</summary>
    private const int ReadingFlags = 0x0001 | 0x0008 | 0x0040 | 0x0800 | 0x2000;

    private const string Why = "two programs might read it differently. Create the zip again with a common tool";

    private static ReadOnlySpan<byte> Signature => "PK\u0003\u0004"u8;

    private static ReadOnlySpan<byte> DescriptorSignature => "PK\u0007\u0008"u8;

    /// <summary>Returns where the content of each entry begins; null if the zip is refused, with the reason.</summary>
    /// <param name="zip">The zip.</param>
    /// <param name="items">Its entries, in the order of their positions.</param>
    /// <param name="directory">The position at which its directory begins.</param>
    public static IReadOnlyList<ZipEntryLocation>? Read(SafeFileHandle zip, IReadOnlyList<ZipItem> items, long directory, out string reason)
    {
        var places = new ZipEntryLocation[items.Count];
        byte[] buffer = ArrayPool<byte>.Shared.Rent(HeaderLength + ZipDirectory.MaxNameLength + MaxExtra);
        reason = "";
        try
        {
            long at = 0;
            for (int i = 0; i < places.Length; i++)
            {
                ZipEntry entry = items[i].Entry;
                long next = i + 1 < places.Length ? items[i + 1].Entry.Offset : directory;
                string? wrong = ReadHeader(zip, entry, next, buffer, out long start, out bool unknownSize)
                    ?? Gap(at, entry.Offset, "before it")
                    ?? Behind(zip, entry, start + entry.Packed, next, buffer)
                    ?? (unknownSize && entry.Method == 0 ? FalseEnd(zip, entry, start, buffer) : null);
                if (wrong is not null)
                {
                    reason = $"The entry {ZipRule.Quote(entry.Name)} {wrong}.";
                    return null;
                }

                places[i] = new ZipEntryLocation(items[i], start);
                at = next;
            }

            reason = at < directory ? $"This zip has {directory - at} bytes before its directory that belong to no entry: {Why}." : "";
            return reason.Length == 0 ? places : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string? Gap(long at, long offset, string where) => offset == at ? null : $"has {offset - at} bytes {where} that belong to no entry: {Why}";

    /// <summary>Compares an entry's own header with the directory.</summary>
    private static string? ReadHeader(SafeFileHandle zip, ZipEntry entry, long next, byte[] buffer, out long start, out bool unknownSize)
    {
        start = 0;
        unknownSize = false;
        int read = RandomAccess.Read(zip, buffer.AsSpan(0, HeaderLength), entry.Offset);
        ReadOnlySpan<byte> header = buffer.AsSpan(0, HeaderLength);
        if (read < HeaderLength || !header.StartsWith(Signature))
        {
            return "is damaged: it is not where the zip's directory says. Create and send the zip again";
        }

        int name = BinaryPrimitives.ReadUInt16LittleEndian(header[26..]);
        int extra = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        start = entry.Offset + HeaderLength + name + extra;
        if (start > next || entry.Packed > next - start)
        {
            return "is damaged: it overlaps what follows it";
        }

        if (name > ZipDirectory.MaxNameLength)
        {
            return Differs("name");
        }

        Span<byte> fields = buffer.AsSpan(HeaderLength, name + extra);
        if (RandomAccess.Read(zip, fields, entry.Offset + HeaderLength) < fields.Length)
        {
            return "is damaged: the zip ends within it";
        }

        var extras = new ZipExtras(fields[name..], fields[..name]);
        return HasOtherName(entry, fields[..name], extras) ? Differs("name")
            : (BinaryPrimitives.ReadUInt16LittleEndian(header[6..]) & ReadingFlags) != (entry.Flags & ReadingFlags) ? Differs("set of flags")
            : BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) != entry.Method ? Differs("compression method")
            : !Says(BinaryPrimitives.ReadUInt32LittleEndian(header[14..]), entry.Crc, entry) ? Differs("checksum")
            : HasOtherSizes(header, entry, extras, out unknownSize) ? Differs("size")
            : null;
    }

    private static bool HasOtherName(ZipEntry entry, ReadOnlySpan<byte> name, ZipExtras extras)
    {
        byte[] written = entry.Escaped is null ? Encoding.UTF8.GetBytes(entry.Name) : Encoding.Latin1.GetBytes(entry.Escaped);
        return extras.HasTwo
            || !name.SequenceEqual(written)
            || (!extras.UnicodeName.IsEmpty && !extras.UnicodeName.SequenceEqual(Encoding.UTF8.GetBytes(entry.Name)));
    }

    /// <summary>
    /// Whether the sizes in an entry's own header contradict the directory. If the size was not known when the header was written, the header has zero, or
    /// refers to the zip64 values.
    /// </summary>
    private static bool HasOtherSizes(ReadOnlySpan<byte> header, ZipEntry entry, ZipExtras extras, out bool unknownSize)
    {
        uint packed = BinaryPrimitives.ReadUInt32LittleEndian(header[18..]);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(header[22..]);
        ReadOnlySpan<byte> wide = extras.AllWide;
        bool isWide = wide.Length >= 2 * sizeof(long);
        long wideSize = isWide ? BinaryPrimitives.ReadInt64LittleEndian(wide) : 0;
        long widePacked = isWide ? BinaryPrimitives.ReadInt64LittleEndian(wide[sizeof(long)..]) : 0;
        unknownSize = entry.IsStreamed && (packed == 0 || (packed == uint.MaxValue && widePacked == 0));
        return (isWide && (!Says(wideSize, entry.Size, entry) || !Says(widePacked, entry.Packed, entry)))
            || !((isWide && packed == uint.MaxValue) || Says(packed, entry.Packed, entry))
            || !((isWide && size == uint.MaxValue) || Says(size, entry.Size, entry));
    }

    private static bool Says(long value, long truth, ZipEntry entry) => value == truth || (entry.IsStreamed && value == 0);

    /// <summary>Checks what lies between an entry's content and what follows it: the data descriptor of a streamed entry, otherwise nothing.</summary>
    private static string? Behind(SafeFileHandle zip, ZipEntry entry, long end, long next, byte[] buffer)
    {
        const int Signed = 4;
        const int Narrow = 12;
        const int Wide = 20;
        if (!entry.IsStreamed)
        {
            return Gap(end, next, "after it");
        }

        long length = next - end;
        if (length is not (Narrow or Narrow + Signed or Wide or Wide + Signed))
        {
            return $"has {length} bytes after it, where its sizes should be: {Why}";
        }

        Span<byte> descriptor = buffer.AsSpan(0, (int)length);
        if (RandomAccess.Read(zip, descriptor, end) < length)
        {
            return "is damaged: the zip ends within it";
        }

        bool signed = length is Narrow + Signed or Wide + Signed;
        ReadOnlySpan<byte> values = signed ? descriptor[Signed..] : descriptor;
        bool fits = (!signed || descriptor.StartsWith(DescriptorSignature))
            && BinaryPrimitives.ReadUInt32LittleEndian(values) == entry.Crc
            && (values.Length == Narrow
                ? BinaryPrimitives.ReadUInt32LittleEndian(values[4..]) == entry.Packed && BinaryPrimitives.ReadUInt32LittleEndian(values[8..]) == entry.Size
                : BinaryPrimitives.ReadInt64LittleEndian(values[4..]) == entry.Packed && BinaryPrimitives.ReadInt64LittleEndian(values[12..]) == entry.Size);
        return fits ? null : $"has different sizes after it than in the zip's directory: {Why}";
    }

    /// <summary>Checks for a false end in stored content: a reader that finds the end only by its data descriptor stops at the first one that fits.</summary>
    private static string? FalseEnd(SafeFileHandle zip, ZipEntry entry, long start, byte[] buffer)
    {
        const int Length = 12;
        long done = 0;
        int read;
        while (done < entry.Packed && (read = RandomAccess.Read(zip, buffer.AsSpan(0, (int)Math.Min(buffer.Length, entry.Packed - done + Length)), start + done)) >= Length)
        {
            ReadOnlySpan<byte> content = buffer.AsSpan(0, read);
            for (int at = content.IndexOf(DescriptorSignature); at >= 0 && at + Length <= read; at = Next(content, at + 1))
            {
                if (done + at < entry.Packed && BinaryPrimitives.ReadUInt32LittleEndian(content[(at + 8)..]) == done + at)
                {
                    return $"contains bytes that look like its own end: {Why}, or without \"store only\"";
                }
            }

            done += read - Length + 1;
        }

        return null;
    }

    private static int Next(ReadOnlySpan<byte> content, int from)
    {
        int at = content[from..].IndexOf(DescriptorSignature);
        return at < 0 ? -1 : from + at;
    }

    private static string Differs(string what) => $"has a different {what} in its own header than in the zip's directory: {Why}";
}

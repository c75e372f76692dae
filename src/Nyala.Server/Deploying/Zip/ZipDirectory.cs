using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Nyala.Server.Deploying.Zip;

/// <summary>
/// Reads the directory of a zip from an untrusted sender. The framework's own reader reads as many entries as the zip claims; this one checks the number first.
/// <see cref="ZipLayout"/> refuses what another kind of reader could read differently.
/// </summary>
internal static class ZipDirectory
{
    /// <summary>The maximum length of a path in bytes.</summary>
    public const int MaxNameLength = 1024;

    private const int HeaderLength = 46;

    /// <summary>The number of bytes that an entry may take on average: header, name and extra fields.</summary>
    private const int MeanEntry = 512;

    private static ReadOnlySpan<byte> Signature => "PK\u0001\u0002"u8;

    /// <summary>Reads the entries; null if they cannot be read or are too many, with the reason.</summary>
    /// <param name="zip">The whole zip, as a seekable stream.</param>
    public static IReadOnlyList<ZipEntry>? Read(Stream zip, ZipOptions limits, out string reason, out ZipEnd? end)
    {
        end = ZipEnd.Find(zip, out reason);
        if (end is null)
        {
            return null;
        }

        // The stated count may be too low, so the entries are counted again below while they are read.
        reason = end.Count > limits.Entries ? ZipRule.TooMany(end.Count, limits)
            : end.Size > (long)MeanEntry * limits.Entries + MaxNameLength ? $"The directory of this zip has {end.Size} bytes, more than {limits.Entries} entries need (Deploying:Zip:Entries)."
            : end.Size < HeaderLength * end.Count ? Damaged()
            : "";
        if (reason.Length > 0)
        {
            return null;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(HeaderLength + 2 * ushort.MaxValue);
        try
        {
            return ReadEntries(zip, end, buffer, out reason);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static List<ZipEntry>? ReadEntries(Stream zip, ZipEnd end, byte[] buffer, out string reason)
    {
        reason = "";
        var entries = new List<ZipEntry>((int)end.Count);
        zip.Position = end.Offset;
        long left = end.Size;
        var reader = new BufferedStream(zip, 64 * 1024);
        while (left > 0)
        {
            if (left < HeaderLength)
            {
                reason = Damaged();
                return null;
            }

            Span<byte> header = buffer.AsSpan(0, HeaderLength);
            reader.ReadExactly(header);
            int name = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
            int extra = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]);
            int comment = BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
            left -= HeaderLength + name + extra + comment;
            if (!header.StartsWith(Signature) || left < 0 || entries.Count == end.Count)
            {
                reason = Damaged();
                return null;
            }

            Span<byte> fields = buffer.AsSpan(HeaderLength, name + extra);
            reader.ReadExactly(fields);
            if (ReadEntry(header, fields[..name], fields[name..], out reason) is not { } entry)
            {
                return null;
            }

            entries.Add(entry);
            reader.ReadExactly(buffer.AsSpan(0, comment));
        }

        reason = entries.Count == end.Count ? "" : Damaged();
        return reason.Length == 0 ? entries : null;
    }

    private static ZipEntry? ReadEntry(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name, ReadOnlySpan<byte> extra, out string reason)
    {
        var extras = new ZipExtras(extra, name);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);
        extras.ReadZip64(ref size);
        extras.ReadZip64(ref packed);
        extras.ReadZip64(ref offset);
        ReadOnlySpan<byte> used = extras.UnicodeName.IsEmpty ? name : extras.UnicodeName;
        if (extras.HasTwo || !FitsWide(extras, size, packed, offset))
        {
            reason = $"The entry {ZipRule.Quote(Encoding.Latin1.GetString(name))} declares its size or its name twice, with different values, so two programs might read it differently. Create the zip again with a common tool.";
            return null;
        }

        if (used.Length > MaxNameLength)
        {
            reason = $"The entry {ZipRule.Quote(Encoding.UTF8.GetString(used[..MaxNameLength]))} has a path of {used.Length} bytes; the maximum is {MaxNameLength}.";
            return null;
        }

        if (!Utf8.IsValid(used))
        {
            reason = $"The entry {ZipRule.Quote(Encoding.Latin1.GetString(used))} has a name that is not UTF-8. Create the zip with a tool that writes UTF-8 names.";
            return null;
        }

        if (!used.SequenceEqual(name) && !ZipNames.IsEscaped(name, Encoding.UTF8.GetString(used)))
        {
            reason = $"The entry {ZipRule.Quote(Encoding.UTF8.GetString(used))} has a second name, {ZipRule.Quote(Encoding.Latin1.GetString(name))}, so two programs might read it differently. Create the zip with a tool that writes UTF-8 names.";
            return null;
        }

        reason = "";
        return new ZipEntry
        {
            Name = Encoding.UTF8.GetString(used),
            Escaped = used.SequenceEqual(name) ? null : Encoding.Latin1.GetString(name),
            MadeOn = header[5],
            Flags = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]),
            Method = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]),
            Crc = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]),
            Packed = packed,
            Size = size,
            Offset = offset,
            Attributes = BinaryPrimitives.ReadUInt32LittleEndian(header[38..]),
            Changed = extras.Changed ?? DosTime(BinaryPrimitives.ReadUInt16LittleEndian(header[14..]), BinaryPrimitives.ReadUInt16LittleEndian(header[12..])),
        };
    }

    /// <summary>Whether zip64 values that were not needed equal the 32-bit ones.</summary>
    private static bool FitsWide(ZipExtras extras, params ReadOnlySpan<long> values)
    {
        if (extras.LeftWide.Length < sizeof(long))
        {
            return true;
        }

        ReadOnlySpan<byte> wide = extras.AllWide;
        for (int i = 0; i < values.Length && wide.Length >= sizeof(long); i++)
        {
            if (BinaryPrimitives.ReadInt64LittleEndian(wide) != values[i])
            {
                return false;
            }

            wide = wide[sizeof(long)..];
        }

        return wide.Length < sizeof(long);
    }

    /// <summary>Reads an MS-DOS time, which has no time zone and is taken as UTC; null if it is not valid.</summary>
    private static DateTime? DosTime(int date, int time)
    {
        (int year, int month, int day) = (1980 + (date >> 9), (date >> 5) & 15, date & 31);
        (int hour, int minute, int second) = (time >> 11, (time >> 5) & 63, (time & 31) * 2);
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24 && minute < 60 && second < 60
            ? new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc)
            : null;
    }

    private static string Damaged() => "This zip is damaged: its directory does not match its end record. Create and send it again.";
}

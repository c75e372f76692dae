using System.Buffers.Binary;

namespace Nyala.Server.Deploying.Zip;

/// <summary>The record at a zip's end that says where its directory is (APPNOTE.TXT 4.3.14 to 4.3.16). Nothing is believed that does not fit the file.</summary>
/// <param name="Offset">Where the directory begins.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Count">Its entries.</param>
internal sealed record ZipEnd(long Offset, long Size, long Count)
{
    private const int Length = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int LocatorLength = 20;
    private const int Length64 = 56;

    private static ReadOnlySpan<byte> Signature => "PK\u0005\u0006"u8;

    private static ReadOnlySpan<byte> LocatorSignature => "PK\u0006\u0007"u8;

    private static ReadOnlySpan<byte> Signature64 => "PK\u0006\u0006"u8;

    /// <summary>Finds it; null where there is none, with the reason. Reads the last 64 KiB, and the beginning where that tells what this is instead.</summary>
    public static ZipEnd? Find(Stream zip, out string reason)
    {
        reason = "";
        byte[] tail = new byte[Math.Min(zip.Length, LocatorLength + Length + LongestComment)];
        long start = zip.Length - tail.Length;
        zip.Position = start;
        zip.ReadExactly(tail);
        int at = Locate(tail);
        if (at < 0)
        {
            reason = Unlike(zip, tail);
            return null;
        }

        ReadOnlySpan<byte> record = tail.AsSpan(at);
        int disk = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        bool one = disk is 0 or ushort.MaxValue && BinaryPrimitives.ReadUInt16LittleEndian(record[8..]) == count;
        ZipEnd? end = disk == ushort.MaxValue || count == ushort.MaxValue || size == uint.MaxValue || offset == uint.MaxValue
            ? Find64(zip, tail.AsSpan(0, at), start + at, ref one) ?? new ZipEnd(offset, size, count)
            : new ZipEnd(offset, size, count);
        if (!one)
        {
            reason = "This zip is one part of several: make one that is whole.";
            return null;
        }

        if (end.Offset < 0 || end.Size < 0 || end.Count < 0 || end.Offset > start + at || end.Size > start + at - end.Offset)
        {
            reason = "This zip is damaged: its directory is not where its end says. Make it again, with nothing before or behind it.";
            return null;
        }

        return end;
    }

    /// <summary>The last record whose comment ends where the file ends.</summary>
    private static int Locate(ReadOnlySpan<byte> tail)
    {
        for (int at = tail.Length - Length; at >= 0; at--)
        {
            if (tail[at..].StartsWith(Signature) && at + Length + BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]) == tail.Length)
            {
                return at;
            }
        }

        return -1;
    }

    private static ZipEnd? Find64(Stream zip, ReadOnlySpan<byte> before, long at, ref bool one)
    {
        if (before.Length < LocatorLength || !before[^LocatorLength..].StartsWith(LocatorSignature))
        {
            return null;
        }

        ReadOnlySpan<byte> locator = before[^LocatorLength..];
        long place = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        if (place < 0 || place > at - LocatorLength - Length64)
        {
            return new ZipEnd(-1, 0, 0);
        }

        Span<byte> record = stackalloc byte[Length64];
        zip.Position = place;
        zip.ReadExactly(record);
        if (!record.StartsWith(Signature64))
        {
            return new ZipEnd(-1, 0, 0);
        }

        long count = BinaryPrimitives.ReadInt64LittleEndian(record[32..]);
        one = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]) == 0 && BinaryPrimitives.ReadInt64LittleEndian(record[24..]) == count;
        return new ZipEnd(BinaryPrimitives.ReadInt64LittleEndian(record[48..]), BinaryPrimitives.ReadInt64LittleEndian(record[40..]), count);
    }

    private static string Unlike(Stream zip, ReadOnlySpan<byte> tail)
    {
        Span<byte> head = stackalloc byte[(int)Math.Min(ZipLook.HeadLength, zip.Length)];
        zip.Position = 0;
        zip.ReadExactly(head);
        return ZipLook.IsBeginning(head)
            ? tail.IndexOf(Signature) >= 0
                ? "This zip has something behind its end: it was not sent as it was made. Send it as it is, with --data-binary @FILE where curl sends it."
                : "This zip has no end: it was cut off. Make or send it again, with --data-binary @FILE where curl sends it."
            : $"This is not a zip: it looks like {ZipLook.Name(head)}. Make one with \"zip -r site.zip .\" in the folder, or let \"nyala deploy FOLDER\" do it.";
    }
}

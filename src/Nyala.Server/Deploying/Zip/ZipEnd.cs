using System.Buffers.Binary;

namespace Nyala.Server.Deploying.Zip;

/// <summary>
/// The record at a zip's end that says where its directory is (APPNOTE.TXT 4.3.14 to 4.3.16). It is accepted only if it fits the file exactly: the directory
/// ends where the record begins, and nothing else in the file could be read as the end.
/// </summary>
/// <param name="Offset">The position at which the directory begins.</param>
/// <param name="Size">The size of the directory in bytes.</param>
/// <param name="Count">The number of entries in the directory.</param>
internal sealed record ZipEnd(long Offset, long Size, long Count)
{
    private const int Length = 22;
    private const int MaxCommentLength = ushort.MaxValue;
    private const int LocatorLength = 20;
    private const int Length64 = 56;

    /// <summary>The bytes that the size field of a zip64 end does not count: its signature and the field itself.</summary>
    private const int SizeOfRest64 = 12;

    private static ReadOnlySpan<byte> Signature => "PK\u0005\u0006"u8;

    private static ReadOnlySpan<byte> LocatorSignature => "PK\u0006\u0007"u8;

    private static ReadOnlySpan<byte> Signature64 => "PK\u0006\u0006"u8;

    /// <summary>
    /// Finds the end; null if there is none, with the reason. Reads the last 64 KiB, and also the beginning if that tells what the file is instead.
    /// </summary>
    public static ZipEnd? Find(Stream zip, out string reason)
    {
        reason = "";
        byte[] tail = new byte[Math.Min(zip.Length, LocatorLength + Length + MaxCommentLength)];
        long start = zip.Length - tail.Length;
        zip.Position = start;
        zip.ReadExactly(tail);
        int at = Locate(tail);
        if (at < 0)
        {
            reason = Unlike(zip, tail);
            return null;
        }

        reason = Ambiguous(tail, at);
        if (reason.Length > 0)
        {
            return null;
        }

        ReadOnlySpan<byte> record = tail.AsSpan(at);
        var narrow = new ZipEnd(
            BinaryPrimitives.ReadUInt32LittleEndian(record[16..]), BinaryPrimitives.ReadUInt32LittleEndian(record[12..]), BinaryPrimitives.ReadUInt16LittleEndian(record[10..]));
        int disk = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
        bool one = disk is 0 or ushort.MaxValue && BinaryPrimitives.ReadUInt16LittleEndian(record[8..]) == narrow.Count;
        ZipEnd end = narrow;
        long directoryEnd = start + at;
        if (HasLocator(tail.AsSpan(0, at)))
        {
            if (Find64(zip, tail.AsSpan(0, at), start + at, out directoryEnd, ref one) is not { } wide || !narrow.Agrees(wide))
            {
                reason = "This zip has two end records that contradict each other, a zip64 one and a plain one, so two programs might read it differently. Create it again with a common tool.";
                return null;
            }

            end = wide;
        }

        if (!one)
        {
            reason = "This zip is one part of several. Create a zip that is not split.";
            return null;
        }

        if (end.Offset < 0 || end.Size < 0 || end.Count < 0 || end.Offset > directoryEnd || end.Size != directoryEnd - end.Offset)
        {
            reason = "This zip is damaged: its directory is not where its end record says. Create it again, with nothing before, between or after its parts.";
            return null;
        }

        return end;
    }

    /// <summary>Whether a plain end agrees with the zip64 one. Where the plain end has the largest value, only the zip64 end counts.</summary>
    private bool Agrees(ZipEnd wide) =>
        (Count == ushort.MaxValue || Count == wide.Count) && (Size == uint.MaxValue || Size == wide.Size) && (Offset == uint.MaxValue || Offset == wide.Offset);

    /// <summary>Returns why another reader could take something else for the end; empty if none could. Some readers search forwards, some backwards.</summary>
    private static string Ambiguous(ReadOnlySpan<byte> tail, int at)
    {
        ReadOnlySpan<byte> comment = tail[(at + Length)..];
        for (int mark = IndexOf(comment, "PK"u8, 0); mark >= 0; mark = IndexOf(comment, "PK"u8, mark + 1))
        {
            if (comment.Length - mark >= 4 && comment[mark + 2] is >= 1 and <= 8 && comment[mark + 3] is >= 1 and <= 8)
            {
                return "The comment of this zip contains bytes that look like a part of a zip, so two programs might read it differently. Create it without the comment.";
            }
        }

        for (int other = IndexOf(tail[..at], Signature, 0); other >= 0; other = IndexOf(tail[..at], Signature, other + 1))
        {
            if (other + Length + BinaryPrimitives.ReadUInt16LittleEndian(tail[(other + 20)..]) == tail.Length)
            {
                return "This zip has two end records, so two programs might read it differently. Create it again with a common tool.";
            }
        }

        return "";
    }

    private static int IndexOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark, int from)
    {
        int at = text[from..].IndexOf(mark);
        return at < 0 ? -1 : from + at;
    }

    /// <summary>Finds the last record whose comment ends where the file ends.</summary>
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

    private static bool HasLocator(ReadOnlySpan<byte> before) => before.Length >= LocatorLength && before[^LocatorLength..].StartsWith(LocatorSignature);

    /// <summary>Reads the zip64 end, which must lie directly before its locator, which lies directly before the plain end; null if it does not.</summary>
    private static ZipEnd? Find64(Stream zip, ReadOnlySpan<byte> before, long at, out long place, ref bool one)
    {
        ReadOnlySpan<byte> locator = before[^LocatorLength..];
        place = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        if (place < 0 || place > at - LocatorLength - Length64)
        {
            return null;
        }

        Span<byte> record = stackalloc byte[Length64];
        zip.Position = place;
        zip.ReadExactly(record);
        if (!record.StartsWith(Signature64) || BinaryPrimitives.ReadInt64LittleEndian(record[4..]) != at - LocatorLength - place - SizeOfRest64)
        {
            return null;
        }

        long count = BinaryPrimitives.ReadInt64LittleEndian(record[32..]);
        one = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]) == 0 && BinaryPrimitives.ReadInt64LittleEndian(record[24..]) == count;
        return new ZipEnd(BinaryPrimitives.ReadInt64LittleEndian(record[48..]), BinaryPrimitives.ReadInt64LittleEndian(record[40..]), count);
    }

    /// <summary>Whether the last record that looks like the end is complete, with its comment. If so, something follows it.</summary>
    private static bool HasWholeRecord(ReadOnlySpan<byte> tail)
    {
        int last = tail.LastIndexOf(Signature);
        return last >= 0 && tail.Length - last >= Length && last + Length + BinaryPrimitives.ReadUInt16LittleEndian(tail[(last + 20)..]) <= tail.Length;
    }

    private static string Unlike(Stream zip, ReadOnlySpan<byte> tail)
    {
        Span<byte> head = stackalloc byte[(int)Math.Min(FileSignature.HeadLength, zip.Length)];
        zip.Position = 0;
        zip.ReadExactly(head);
        return FileSignature.IsBeginning(head)
            ? HasWholeRecord(tail)
                ? "This zip has extra bytes after its end, so it was changed after it was created. Send it unchanged; with curl, use --data-binary @FILE."
                : "This zip has no end: it was cut off. Create or send it again; with curl, use --data-binary @FILE."
            : $"This is not a zip: it looks like {FileSignature.Name(head)}. Create one with \"zip -r site.zip .\" in the folder, or use \"nyala deploy FOLDER\".";
    }
}

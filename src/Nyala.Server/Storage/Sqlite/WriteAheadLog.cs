using System.Buffers.Binary;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// The part of a write-ahead log that SQLite would apply to the database when it opens it (<see href="https://sqlite.org/fileformat2.html#walformat"/>).
/// </summary>
/// <param name="PageSize">The page size in bytes.</param>
/// <param name="Generations">The generations in its copies of page 1, oldest first; empty if it has no copy of page 1.</param>
internal sealed record WriteAheadLog(int PageSize, IReadOnlyList<uint> Generations)
{
    private const int HeaderSize = 32;
    private const int FrameHeaderSize = 24;
    private const uint Magic = 0x377F0682;

    /// <summary>Reads a log.</summary>
    /// <returns>Null if SQLite would apply nothing from the log: it is empty, its header is damaged, or it has no complete transaction.</returns>
    public static WriteAheadLog? Read(Stream log)
    {
        byte[] header = new byte[HeaderSize];
        if (log.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize)
        {
            return null;
        }

        uint magic = Big(header, 0);
        int pageSize = (int)Big(header, 8);
        var sum = new Checksum(BigEndian: (magic & 1) == 1);
        if ((magic & ~1u) != Magic || pageSize is < 512 or > 65536 || !sum.Add(header.AsSpan(0, 24)).Is(header.AsSpan(24)))
        {
            return null;
        }

        sum = sum.Add(header.AsSpan(0, 24));
        var committed = new List<uint>();
        var open = new List<uint>();
        bool any = false;
        byte[] frame = new byte[FrameHeaderSize + pageSize];
        while (log.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length && frame.AsSpan(8, 8).SequenceEqual(header.AsSpan(16, 8)))
        {
            sum = sum.Add(frame.AsSpan(0, 8)).Add(frame.AsSpan(FrameHeaderSize));
            if (!sum.Is(frame.AsSpan(16)))
            {
                break;
            }

            if (Big(frame, 0) == 1 && DatabaseHeader.Read(frame.AsSpan(FrameHeaderSize)) is { } page)
            {
                open.Add(page.Generation);
            }

            // The last frame of a transaction contains the size of the database.
            if (Big(frame, 4) != 0)
            {
                any = true;
                committed.AddRange(open);
                open.Clear();
            }
        }

        return any ? new WriteAheadLog(pageSize, committed) : null;
    }

    private static uint Big(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

    /// <summary>The running checksum of the log.</summary>
    private readonly record struct Checksum(bool BigEndian, uint One = 0, uint Two = 0)
    {
        public Checksum Add(ReadOnlySpan<byte> bytes)
        {
            (uint one, uint two) = (One, Two);
            for (int at = 0; at < bytes.Length; at += 8)
            {
                one += Word(bytes[at..]) + two;
                two += Word(bytes[(at + 4)..]) + one;
            }

            return this with { One = one, Two = two };
        }

        public bool Is(ReadOnlySpan<byte> bytes) => Big(bytes, 0) == One && Big(bytes, 4) == Two;

        private uint Word(ReadOnlySpan<byte> bytes) =>
            BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}

using System.Text;
using Nyala.Client;

namespace Nyala.Server.Storage;

/// <summary>One entry of a run's log.</summary>
/// <param name="Seq">Its number within the run, from 1.</param>
/// <param name="Parent">The entry that it details; 0 at the top.</param>
/// <param name="HasDetails">Whether entries below it exist.</param>
internal sealed record LogRecord(long Seq, long Parent, DateTimeOffset Time, LogEntryType Type, string Message, bool HasDetails);

/// <summary>How a run's log stands against its size limit: it keeps its beginning and its end, and drops between.</summary>
/// <param name="Bytes">What is kept, see <see cref="BytesOf"/>.</param>
/// <param name="LastSeq">The newest entry's number; 0 in an empty log.</param>
/// <param name="HeadEnd">The last entry of the beginning that is kept forever; 0 while the log is below half its limit.</param>
/// <param name="Dropped">Entries dropped so far.</param>
internal readonly record struct LogExtent(long Bytes, long LastSeq, long HeadEnd, long Dropped)
{
    /// <summary>The approximate size of an entry without its message. Otherwise there would be no limit for empty lines.</summary>
    public const int EntryBytes = 64;

    /// <summary>What an entry counts: its message in UTF-8, and itself.</summary>
    public static long BytesOf(string message) => Encoding.UTF8.GetByteCount(message) + EntryBytes;
}

/// <summary>The logs of the runs.</summary>
internal interface ILogTable
{
    LogExtent Extent(long run);

    void SetExtent(long run, LogExtent extent);

    void Append(long run, LogRecord entry);

    /// <summary>Entries after <paramref name="seq"/>: at the top level where <paramref name="parent"/> is 0, else below that entry; oldest first.</summary>
    IReadOnlyList<LogRecord> Read(long run, long parent, long seq, int limit);

    LogRecord? Find(long run, long seq);

    /// <summary>Drops the oldest entries after <paramref name="after"/> until at least <paramref name="bytes"/> are freed.</summary>
    /// <returns>How many entries and bytes went.</returns>
    (long Entries, long Bytes) DropOldest(long run, long after, long bytes);

    /// <summary>Deletes lines of runs that were removed.</summary>
    /// <param name="limit">How many lines at most.</param>
    /// <returns>How many were deleted.</returns>
    int PruneRemoved(int limit);
}

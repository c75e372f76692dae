using System.Text;
using Nyala.Client;

namespace Nyala.Server.Storage;

/// <summary>An entry of a run's log.</summary>
/// <param name="Seq">The number of the entry within the run, from 1.</param>
/// <param name="Parent">The number of the entry that this one details; 0 for a top-level entry.</param>
/// <param name="HasDetails">Whether entries that detail this one exist.</param>
internal sealed record LogRecord(long Seq, long Parent, DateTimeOffset Time, LogEntryType Type, string Message, bool HasDetails);

/// <summary>The size of a run's log. A log over its size limit keeps its beginning and its end, and drops entries between them.</summary>
/// <param name="Bytes">The size of the kept entries, as computed by <see cref="BytesOf"/>.</param>
/// <param name="LastSeq">The number of the newest entry; 0 if the log is empty.</param>
/// <param name="HeadEnd">The number of the last entry of the beginning, which is never dropped; 0 while the log is smaller than half its limit.</param>
/// <param name="Dropped">The number of dropped entries.</param>
internal readonly record struct LogExtent(long Bytes, long LastSeq, long HeadEnd, long Dropped)
{
    /// <summary>The approximate size of an entry without its message. It makes the size limit apply to empty lines too.</summary>
    public const int EntryBytes = 64;

    /// <summary>Returns the size of an entry: its message in UTF-8, plus <see cref="EntryBytes"/>.</summary>
    public static long BytesOf(string message) => Encoding.UTF8.GetByteCount(message) + EntryBytes;
}

/// <summary>The logs of the runs.</summary>
internal interface ILogTable
{
    LogExtent Extent(long run);

    /// <summary>Appends entries. If the log is then over its limit, drops its oldest entries after its beginning.</summary>
    /// <param name="run">The run.</param>
    /// <param name="entries">The entries, with numbers above those that the log has.</param>
    /// <param name="extent">The size of the log with the entries.</param>
    /// <param name="limit">The maximum size of the log, as in <see cref="LogExtent.Bytes"/>.</param>
    void Append(long run, IReadOnlyList<LogRecord> entries, LogExtent extent, long limit);

    /// <summary>
    /// Lists entries after <paramref name="seq"/>, oldest first: the top-level entries if <paramref name="parent"/> is 0, otherwise the entries that detail
    /// that entry.
    /// </summary>
    IReadOnlyList<LogRecord> Read(long run, long parent, long seq, int limit);

    LogRecord? Find(long run, long seq);

    /// <summary>Returns the texts of the newest entries, with details, oldest first.</summary>
    IReadOnlyList<string> ReadLast(long run, int limit);

    /// <summary>Deletes log entries of removed runs.</summary>
    /// <param name="limit">The maximum number of entries.</param>
    /// <returns>The number of entries that were deleted.</returns>
    int PruneRemoved(int limit);
}

using System.Buffers;
using Nyala.Client;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>Keeps the logs of runs within their limit. The beginning and the end are kept; the middle is dropped, and a note says so.</summary>
internal sealed class RunLogs(DeploymentOptions options)
{
    /// <summary>The maximum number of lines that are kept of a report's details.</summary>
    internal const int MaxDetails = 10_000;

    // The line ends that .NET recognizes, including those of Unicode.
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\n\f\u0085\u2028\u2029");

    /// <summary>Collects the lines of one request. Only lines that fit into the log are kept.</summary>
    public LogLines Collect(TextMask mask, IEnumerable<LogLine> lines)
    {
        var kept = new LogLines(mask, options.LogLimit);
        foreach (LogLine line in lines)
        {
            kept.Add(line);
        }

        return kept;
    }

    /// <summary>Appends entries at the top level. Pass only a few, because a transaction blocks all other writes.</summary>
    public void Append(ITables tables, long run, LogBatch piece, DateTimeOffset now)
    {
        LogExtent extent = tables.Log.Extent(run);
        var growth = new Growth(extent with { LastSeq = extent.LastSeq + piece.Dropped, Dropped = extent.Dropped + piece.Dropped }, options.LogLimit, now);
        foreach (LogLine line in piece.Lines)
        {
            growth.Add(parent: 0, line);
        }

        growth.Write(tables, run);
    }

    /// <summary>
    /// Appends an entry, and below it a text of many lines, as Kudu stores the end of a recorded deployment and its details. The text is written in the
    /// transaction of its report, so the middle of a long text is dropped. The report is masked before the transaction.
    /// </summary>
    public void AppendWithDetails(ITables tables, long run, LogLine entry, string? details, DateTimeOffset now)
    {
        var growth = new Growth(tables.Log.Extent(run), options.LogLimit, now);
        long parent = growth.Add(parent: 0, entry);
        var kept = new LogLines(TextMask.TokensOnly, options.LogLimit, MaxDetails);
        foreach (string line in SplitLines(details ?? ""))
        {
            kept.Add(new LogLine { Message = line });
        }

        foreach (LogBatch piece in kept.Pieces())
        {
            if (piece.Dropped > 0)
            {
                var note = new LogLine { Message = $"… {piece.Dropped} lines were omitted here: the details of a report are limited to {MaxDetails} lines and {options.LogLimit} bytes.", Type = LogEntryType.Warning };
                growth.Add(parent, note);
            }

            foreach (LogLine line in piece.Lines)
            {
                growth.Add(parent, line);
            }
        }

        growth.Write(tables, run);
    }

    /// <summary>Reads the top-level entries after an entry, with a note where entries were dropped.</summary>
    public IReadOnlyList<LogRecord> Read(ITables tables, long run, long after = 0, int limit = int.MaxValue)
    {
        IReadOnlyList<LogRecord> entries = tables.Log.Read(run, parent: 0, after, limit);
        LogExtent extent = tables.Log.Extent(run);
        bool reachesEnd = entries.Count < limit || entries[^1].Seq > extent.HeadEnd;
        if (extent.Dropped == 0 || after > extent.HeadEnd || !reachesEnd)
        {
            return entries;
        }

        var noted = new List<LogRecord>(entries.Count + 1);
        int head = entries.TakeWhile(entry => entry.Seq <= extent.HeadEnd).Count();
        DateTimeOffset time = head > 0 ? entries[head - 1].Time : tables.Log.Find(run, after)?.Time ?? default;
        noted.AddRange(entries.Take(head));
        noted.Add(new LogRecord(
            0, 0, time, LogEntryType.Warning, $"… {extent.Dropped} lines were omitted here: a log is limited to {options.LogLimit} bytes, and keeps its beginning and its end.", false));
        noted.AddRange(entries.Skip(head));
        return noted;
    }

    /// <summary>
    /// Splits a text at line ends of any kind. There is no empty line at the end. Lines are returned one by one, because a text may have a million.
    /// </summary>
    public static IEnumerable<string> SplitLines(string text)
    {
        int start = 0;
        while (start < text.Length)
        {
            int length = text.AsSpan(start).IndexOfAny(LineEnds);
            if (length < 0)
            {
                yield return text[start..];
                yield break;
            }

            yield return text.Substring(start, length);
            start += length + (text.AsSpan(start + length).StartsWith("\r\n", StringComparison.Ordinal) ? 2 : 1);
        }
    }

    /// <summary>The entries that one transaction appends to a log, and the log's size with them.</summary>
    private sealed class Growth(LogExtent extent, long limit, DateTimeOffset now)
    {
        private readonly List<LogRecord> _entries = [];
        private LogExtent _extent = extent;

        /// <summary>Adds an entry and returns its number.</summary>
        public long Add(long parent, LogLine line)
        {
            long seq = _extent.LastSeq + 1;
            long bytes = _extent.Bytes + LogExtent.BytesOf(line.Message);
            bool headFull = _extent.HeadEnd == 0 && bytes > limit / 2;
            _extent = _extent with { Bytes = bytes, LastSeq = seq, HeadEnd = headFull ? seq : _extent.HeadEnd };
            _entries.Add(new LogRecord(seq, parent, line.LogTime ?? now, line.Type, line.Message, HasDetails: false));
            return seq;
        }

        public void Write(ITables tables, long run) => tables.Log.Append(run, _entries, _extent, limit);
    }
}

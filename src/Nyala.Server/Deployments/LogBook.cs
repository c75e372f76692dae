using Nyala.Client;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>Keeps the logs of runs within their limit: the beginning and the end stay, the middle is dropped and said to be.</summary>
internal sealed class LogBook(DeploymentOptions options)
{
    /// <summary>Appends entries at the top level.</summary>
    public void Append(ITables tables, long run, IEnumerable<LogLine> lines, DateTimeOffset now)
    {
        LogExtent extent = tables.Log.Extent(run);
        foreach (LogLine line in lines)
        {
            extent = Append(tables, run, extent, parent: 0, line, now);
        }

        Trim(tables, run, extent);
    }

    /// <summary>Appends an entry, and a text of many lines below it, as Kudu keeps a recorded deployment's end and its details.</summary>
    public void AppendWithDetails(ITables tables, long run, LogLine entry, string? details, DateTimeOffset now)
    {
        LogExtent extent = Append(tables, run, tables.Log.Extent(run), parent: 0, entry, now);
        long parent = extent.LastSeq;
        foreach (string line in details is null ? [] : SplitLines(details))
        {
            extent = Append(tables, run, extent, parent, new LogLine { Message = line }, now);
        }

        Trim(tables, run, extent);
    }

    /// <summary>The top-level entries after one, with a note where some were dropped.</summary>
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
            0, 0, time, LogEntryType.Warning, $"… {extent.Dropped} lines were dropped here: a log keeps {options.LogLimit} bytes, its beginning and its end.", false));
        noted.AddRange(entries.Skip(head));
        return noted;
    }

    /// <summary>Splits a text at its line ends, of whichever kind; no empty line at the end.</summary>
    public static IEnumerable<string> SplitLines(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        return lines[^1].Length == 0 ? lines.SkipLast(1) : lines;
    }

    private LogExtent Append(ITables tables, long run, LogExtent extent, long parent, LogLine line, DateTimeOffset now)
    {
        long seq = extent.LastSeq + 1;
        tables.Log.Append(run, new LogRecord(seq, parent, line.LogTime ?? now, line.Type, line.Message, HasDetails: false));
        long bytes = extent.Bytes + LogExtent.BytesOf(line.Message);
        bool headFull = extent.HeadEnd == 0 && bytes > options.LogLimit / 2;
        return extent with { Bytes = bytes, LastSeq = seq, HeadEnd = headFull ? seq : extent.HeadEnd };
    }

    private void Trim(ITables tables, long run, LogExtent extent)
    {
        if (extent.Bytes > options.LogLimit)
        {
            (long entries, long bytes) = tables.Log.DropOldest(run, extent.HeadEnd, extent.Bytes - options.LogLimit);
            extent = extent with { Bytes = extent.Bytes - bytes, Dropped = extent.Dropped + entries };
        }

        tables.Log.SetExtent(run, extent);
    }
}

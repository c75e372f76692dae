using Nyala.Client;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>
/// Collects the lines of one request, and keeps only the first and the last lines that fit into a log, so that neither memory nor the database holds lines
/// that the log would drop. The lines are masked and written in pieces, so that other writes get their turn between two pieces.
/// </summary>
/// <param name="mask">The mask for the lines.</param>
/// <param name="bytes">The log's limit in bytes, see <see cref="LogExtent.BytesOf"/>.</param>
/// <param name="lines">The maximum number of lines to keep.</param>
internal sealed class LogLines(TextMask mask, long bytes, int lines = int.MaxValue)
{
    /// <summary>The maximum number of lines that one transaction writes.</summary>
    public const int MaxInPiece = 1000;

    // The beginning of a log ends with the line that exceeds half of the limit, so less than half is left for the end.
    private readonly List<LogLine> _first = [];
    private readonly Queue<LogLine> _last = [];
    private long _firstBytes;
    private long _lastBytes;

    /// <summary>The number of lines that were dropped between the first and the last lines.</summary>
    public long Dropped { get; private set; }

    public void Add(LogLine line)
    {
        long size = LogExtent.BytesOf(line.Message);
        if (_firstBytes <= bytes / 2 && _first.Count < (lines + 1L) / 2)
        {
            _first.Add(line);
            _firstBytes += size;
            return;
        }

        _last.Enqueue(line);
        _lastBytes += size;
        while (_lastBytes > bytes / 2 || _last.Count > lines / 2)
        {
            _lastBytes -= LogExtent.BytesOf(_last.Dequeue().Message);
            Dropped++;
        }
    }

    /// <summary>Returns the kept lines in order, in pieces. Returns one piece without lines if there are none.</summary>
    public IEnumerable<LogBatch> Pieces()
    {
        if (_first.Count == 0)
        {
            yield return LogBatch.Of(mask, []);
        }

        foreach (LogLine[] piece in _first.Chunk(MaxInPiece))
        {
            yield return LogBatch.Of(mask, piece);
        }

        long dropped = Dropped;
        foreach (LogLine[] piece in _last.Chunk(MaxInPiece))
        {
            yield return LogBatch.Of(mask, piece, dropped);
            dropped = 0;
        }

        if (dropped > 0)
        {
            // The last line alone is larger than the space that is left for the end.
            yield return LogBatch.Of(mask, [], dropped);
        }
    }
}

/// <summary>Masked lines that are written in one transaction. Lines get into a log only in this form, so that none is written without a mask.</summary>
internal readonly record struct LogBatch
{
    private LogBatch(IReadOnlyList<LogLine> lines, long dropped) => (Lines, Dropped) = (lines, dropped);

    /// <summary>The number of lines that were dropped before these lines.</summary>
    public long Dropped { get; }

    public IReadOnlyList<LogLine> Lines { get; }

    /// <summary>Masks lines. Call it before the transaction, because a transaction blocks all other writes.</summary>
    public static LogBatch Of(TextMask mask, IReadOnlyList<LogLine> lines, long dropped = 0) => new([.. lines.Select(line => Masked(mask, line))], dropped);

    private static LogLine Masked(TextMask mask, LogLine line)
    {
        string masked = mask.Apply(line.Message);
        return ReferenceEquals(masked, line.Message) ? line : line with { Message = masked };
    }
}

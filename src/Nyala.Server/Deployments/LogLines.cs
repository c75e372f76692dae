using Nyala.Client;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>
/// Takes the lines of one request and keeps those that a log could keep of them, the first and the last, so that neither memory nor the
/// database holds what the log drops anyway. They are written piece by piece: between two pieces other writes get their turn.
/// </summary>
/// <param name="bytes">The log's limit, see <see cref="LogExtent.BytesOf"/>.</param>
/// <param name="lines">How many lines are kept at most.</param>
internal sealed class LogLines(long bytes, int lines = int.MaxValue)
{
    /// <summary>How many lines one transaction writes.</summary>
    public const int MaxInPiece = 1000;

    // The beginning of a log ends with the line that passes half of the limit. Less than the other half is left for the end.
    private readonly List<LogLine> _first = [];
    private readonly Queue<LogLine> _last = [];
    private long _firstBytes;
    private long _lastBytes;

    /// <summary>How many lines were dropped between the first and the last.</summary>
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

    /// <summary>What is kept, in order and in pieces; a piece without lines if there are none.</summary>
    public IEnumerable<LogBatch> Pieces()
    {
        if (_first.Count == 0)
        {
            yield return new LogBatch(0, []);
        }

        foreach (LogLine[] piece in _first.Chunk(MaxInPiece))
        {
            yield return new LogBatch(0, piece);
        }

        long dropped = Dropped;
        foreach (LogLine[] piece in _last.Chunk(MaxInPiece))
        {
            yield return new LogBatch(dropped, piece);
            dropped = 0;
        }

        if (dropped > 0)
        {
            // The last line alone is larger than what is left for the end.
            yield return new LogBatch(dropped, []);
        }
    }
}

/// <summary>Lines that are written in one transaction.</summary>
/// <param name="Dropped">How many lines were dropped before them.</param>
/// <param name="Lines">The lines.</param>
internal readonly record struct LogBatch(long Dropped, IReadOnlyList<LogLine> Lines);

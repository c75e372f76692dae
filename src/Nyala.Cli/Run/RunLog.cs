using System.Globalization;
using System.Text;
using Nyala.Client;

namespace Nyala.Cli.Run;

/// <summary>
/// The lines of a run that have yet to be reported. It bounds both the memory and the report: the first half of what it
/// may hold is given out as it comes, of the rest the newest half is held back until the end, and what lies between is
/// dropped with a line that says so. May be written by many threads at once.
/// </summary>
internal sealed class RunLog(TimeProvider clock, Action full, long capacity = RunLog.DefaultCapacity)
{
    /// <summary>What the server keeps of one deployment's log.</summary>
    public const long DefaultCapacity = 10 * 1024 * 1024;

    /// <summary>How much one request carries.</summary>
    public const int BatchSize = 64 * 1024;

    // What a line costs beside its text: a command that prints empty lines only must be bounded too.
    private const int Overhead = 64;

    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _head = new();
    private readonly Queue<LogLine> _tail = new();
    private long _headTotal;
    private long _waiting;
    private long _tailSize;
    private long _droppedLines;
    private long _droppedBytes;
    private bool _overflown;

    /// <summary>How much waits to be taken.</summary>
    public long Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting;
            }
        }
    }

    /// <summary>Adds a line with the time of now.</summary>
    public void Add(string text)
    {
        bool batch;
        lock (_lock)
        {
            // The time is taken under the lock, so that times never go backwards in the log.
            var line = new LogLine { Message = text, LogTime = clock.GetUtcNow() };
            long size = SizeOf(line);
            _overflown |= _headTotal + size > capacity / 2;
            if (_overflown)
            {
                Hold(line, size);
                return;
            }

            _headTotal += size;
            batch = Enqueue(line, size);
        }

        if (batch)
        {
            full();
        }
    }

    /// <summary>Takes the oldest lines, as many as one request carries; none if none wait.</summary>
    public IReadOnlyList<LogLine> Take()
    {
        lock (_lock)
        {
            var lines = new List<LogLine>();
            long size = 0;
            while (size < BatchSize && _head.TryDequeue(out LogLine? line))
            {
                lines.Add(line);
                size += SizeOf(line);
            }

            _waiting -= size;
            return lines;
        }
    }

    /// <summary>The run has ended: what was held back may be taken.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_droppedLines > 0)
            {
                var gap = new LogLine { Message = Gap(), Type = LogEntryType.Warning, LogTime = _tail.TryPeek(out LogLine? next) ? next.LogTime : clock.GetUtcNow() };
                Enqueue(gap, SizeOf(gap));
            }

            while (_tail.TryDequeue(out LogLine? line))
            {
                Enqueue(line, SizeOf(line));
            }

            _tailSize = 0;
        }
    }

    private string Gap() => string.Create(
        CultureInfo.InvariantCulture,
        $"nyala: {_droppedLines} lines ({_droppedBytes} bytes) were omitted here: a deployment log is limited to {capacity / 1024} KiB.");

    private bool Enqueue(LogLine line, long size)
    {
        bool before = _waiting >= BatchSize;
        _head.Enqueue(line);
        _waiting += size;
        return !before && _waiting >= BatchSize;
    }

    private void Hold(LogLine line, long size)
    {
        _tail.Enqueue(line);
        _tailSize += size;
        while (_tailSize > capacity / 2 && _tail.TryDequeue(out LogLine? oldest))
        {
            long dropped = SizeOf(oldest);
            _tailSize -= dropped;
            _droppedLines++;
            _droppedBytes += dropped - Overhead;
        }
    }

    private static long SizeOf(LogLine line) => Encoding.UTF8.GetByteCount(line.Message) + Overhead;
}

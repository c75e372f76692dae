using System.Globalization;
using System.Text;
using Nyala.Client;

namespace Nyala.Cli.Run;

/// <summary>
/// The log lines of a run that are not reported yet. It limits memory and the size of the log: the first half of the capacity can be taken immediately, the
/// newest half is held back until the run ends, and a line in the log says how many lines between them were dropped. Several threads can add lines at once.
/// </summary>
internal sealed class RunLog(TimeProvider clock, Action full, long capacity = RunLog.DefaultCapacity)
{
    /// <summary>The default capacity, in bytes. A server keeps the same amount of a log by default.</summary>
    public const long DefaultCapacity = 10 * 1024 * 1024;

    /// <summary>The size, in bytes, at which a request is full.</summary>
    public const int BatchSize = 64 * 1024;

    // Added to the size of each line, so that a command that prints only empty lines is limited too.
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

    /// <summary>The size, in bytes, of the lines that can be taken.</summary>
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

    /// <summary>Adds a line with the current time.</summary>
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

    /// <summary>Takes the oldest lines, up to the size of one request. Returns an empty list if no lines wait.</summary>
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

    /// <summary>Releases the lines that were held back, because the run has ended.</summary>
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

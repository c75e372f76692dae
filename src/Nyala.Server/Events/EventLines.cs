namespace Nyala.Server.Events;

/// <summary>The lines of a request that publishes many events. Blank lines are skipped. Pure.</summary>
internal sealed class EventLines
{
    /// <summary>The maximum number of events in a request.</summary>
    public const int MaxCount = 1000;

    /// <summary>The maximum size of a request in bytes.</summary>
    public const int MaxSize = 8 * 1024 * 1024;

    /// <summary>The maximum number of refused lines that are described.</summary>
    public const int MaxDescribed = 20;

    private readonly List<EventLine> _events = [];
    private readonly List<RefusedLine> _refused = [];

    private EventLines()
    {
    }

    /// <summary>The events, in the order of their lines.</summary>
    public IReadOnlyList<EventLine> Events => _events;

    /// <summary>The first refused lines, at most <see cref="MaxDescribed"/>.</summary>
    public IReadOnlyList<RefusedLine> Refused => _refused;

    /// <summary>The number of refused lines.</summary>
    public int RefusedCount { get; private set; }

    /// <summary>Whether no line is refused for anything but its size.</summary>
    public bool OnlyTooLarge { get; private set; } = true;

    /// <summary>Whether there are more than <see cref="MaxCount"/> events. The lines after them are not read.</summary>
    public bool TooMany { get; private set; }

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>Reads the lines. A line ends with a line feed, or with the request.</summary>
    /// <param name="request">The body of the request.</param>
    /// <param name="bodyLimit">The maximum size of an event's body in bytes.</param>
    public static EventLines Read(ReadOnlySpan<byte> request, int bodyLimit)
    {
        var lines = new EventLines();
        int number = 0;
        ReadOnlySpan<byte> rest = request.StartsWith(ByteOrderMark) ? request[ByteOrderMark.Length..] : request;
        while (!rest.IsEmpty && !lines.TooMany)
        {
            number++;
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];

            // JSON's white space, without the line feed.
            if (line.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                lines.Add(number, line, bodyLimit);
            }
        }

        return lines;
    }

    private void Add(int number, ReadOnlySpan<byte> line, int bodyLimit)
    {
        if (_events.Count + RefusedCount == MaxCount)
        {
            TooMany = true;
        }
        else if (EventLineReader.Read(number, line, bodyLimit, out RefusedLine refused) is { } read)
        {
            _events.Add(read);
        }
        else
        {
            RefusedCount++;
            OnlyTooLarge &= refused.TooLarge;
            if (_refused.Count < MaxDescribed)
            {
                _refused.Add(refused);
            }
        }
    }
}

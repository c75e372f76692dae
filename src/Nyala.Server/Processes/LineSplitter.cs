using System.Text;

namespace Nyala.Server.Processes;

/// <summary>How a carriage return affects a line of a program's output.</summary>
internal enum CarriageReturn
{
    /// <summary>It ends the line, so that each state of a progress bar becomes a line.</summary>
    EndsLine,

    /// <summary>The text after it overwrites the line, as on a terminal, so that only the last state of a progress bar remains.</summary>
    Overwrites,
}

/// <summary>
/// Splits a program's output into lines while it is received, in chunks of any size. Invalid UTF-8 is replaced. A line of more than <see cref="MaxLine"/>
/// characters is split, so that no more than one line of that length is in memory.
/// </summary>
internal sealed class LineSplitter(Action<string> line, CarriageReturn carriageReturn = CarriageReturn.EndsLine)
{
    /// <summary>The maximum number of characters of a line.</summary>
    public const int MaxLine = 8192;

    private const int BufferSize = 16 * 1024;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _line = new();
    private bool _returned;
    private bool _any;

    /// <summary>Reads a stream to its end and returns its lines.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="read">Called for each received chunk, even if the chunk ends no line.</param>
    public static async IAsyncEnumerable<string> LinesOf(Stream stream, Action? read = null)
    {
        var lines = new Queue<string>();
        var splitter = new LineSplitter(lines.Enqueue);
        byte[] buffer = new byte[BufferSize];
        int count;
        do
        {
            count = await stream.ReadAsync(buffer);
            if (count > 0)
            {
                read?.Invoke();
                splitter.Add(buffer.AsSpan(0, count));
            }
            else
            {
                splitter.End();
            }

            while (lines.TryDequeue(out string? next))
            {
                yield return next;
            }
        }
        while (count > 0);
    }

    /// <summary>Adds the next chunk.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Span<char> characters = stackalloc char[1024];
        while (!bytes.IsEmpty)
        {
            _decoder.Convert(bytes, characters, flush: false, out int used, out int count, out _);
            Take(characters[..count]);
            bytes = bytes[used..];
        }
    }

    /// <summary>Emits the text after the last line end.</summary>
    public void End()
    {
        Span<char> rest = stackalloc char[2];
        Take(rest[.._decoder.GetChars([], rest, flush: true)]);
        if (_any)
        {
            Emit();
        }
    }

    private void Take(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            int end = text.IndexOfAny('\n', '\r');
            Append(end < 0 ? text : text[..end]);
            if (end < 0)
            {
                return;
            }

            Break(text[end]);
            text = text[(end + 1)..];
        }
    }

    private void Append(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        if (_returned && carriageReturn == CarriageReturn.Overwrites)
        {
            _line.Clear();
        }

        _returned = false;
        _any = true;
        while (!text.IsEmpty)
        {
            int kept = Math.Min(text.Length, MaxLine - _line.Length);
            if (kept > 0 && kept < text.Length && char.IsHighSurrogate(text[kept - 1]))
            {
                kept--;
            }

            if (kept == 0)
            {
                Emit();
                _any = true;
                continue;
            }

            _line.Append(text[..kept]);
            text = text[kept..];
        }
    }

    private void Break(char end)
    {
        bool returned = _returned;
        _returned = end == '\r';
        if (carriageReturn == CarriageReturn.Overwrites && end == '\r')
        {
            _any = true;
        }
        else if (carriageReturn == CarriageReturn.Overwrites || end == '\r' || !returned)
        {
            Emit();
        }
    }

    private void Emit()
    {
        line(_line.ToString());
        _line.Clear();
        _any = false;
    }
}

using System.Text;

namespace Nyala.Server.Processes;

/// <summary>
/// Cuts a process's output into lines. A carriage return ends one too, so that what repaints its progress is seen; one that
/// is too long is cut, and what is no UTF-8 is replaced.
/// </summary>
internal sealed class LineCutter
{
    private const int MaxLine = 8192;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _line = new();
    private bool _returned;

    /// <summary>The lines of a process's stream, to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="read">Is told of each piece that comes, also if it ends no line.</param>
    public static async IAsyncEnumerable<string> LinesOf(Stream stream, Action? read = null)
    {
        var cutter = new LineCutter();
        byte[] buffer = new byte[16 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
        {
            read?.Invoke();
            foreach (string line in cutter.Cut(buffer.AsMemory(0, count)))
            {
                yield return line;
            }
        }

        if (cutter.Rest() is { } rest)
        {
            yield return rest;
        }
    }

    /// <summary>The lines that these bytes end.</summary>
    public IEnumerable<string> Cut(ReadOnlyMemory<byte> bytes)
    {
        char[] text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        int count = _decoder.GetChars(bytes.Span, text, flush: false);
        for (int i = 0; i < count; i++)
        {
            char c = text[i];
            bool ends = c is '\n' or '\r';
            bool second = c == '\n' && _returned;
            _returned = c == '\r';
            if (second)
            {
                continue;
            }

            if (!ends)
            {
                _line.Append(c);
            }

            if (ends || _line.Length >= MaxLine)
            {
                yield return Take();
            }
        }
    }

    /// <summary>What is left without an end; null where nothing is.</summary>
    public string? Rest() => _line.Length == 0 ? null : Take();

    private string Take()
    {
        string line = _line.ToString();
        _line.Clear();
        return line;
    }
}

using System.Text;

namespace Nyala.Cli.Run;

/// <summary>
/// Makes lines of bytes that come in pieces. A line ends at a line feed; a carriage return in it means, as on a terminal,
/// that what follows is written over it, so that of a progress bar only its last state is left. Holds at most one line.
/// </summary>
internal sealed class LineSplitter(Action<string> line)
{
    /// <summary>How many bytes of a line are kept.</summary>
    public const int MaxLine = 8 * 1024;

    private const string CutMark = " …";

    private readonly byte[] _bytes = new byte[MaxLine];
    private int _length;
    private bool _cut;
    private bool _returned;
    private bool _any;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            Append(end < 0 ? bytes : bytes[..end]);
            if (end < 0)
            {
                return;
            }

            if (bytes[end] == '\n')
            {
                Emit();
            }
            else
            {
                _any = true;
                _returned = true;
            }

            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>Gives out what came after the last line feed.</summary>
    public void End()
    {
        if (_any)
        {
            Emit();
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        if (_returned)
        {
            Clear();
        }

        _any = true;
        int kept = Math.Min(bytes.Length, MaxLine - _length);
        bytes[..kept].CopyTo(_bytes.AsSpan(_length));
        _length += kept;
        _cut |= kept < bytes.Length;
    }

    private void Emit()
    {
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(0, _cut ? WholeCharacters() : _length);
        line(Encoding.UTF8.GetString(bytes) + (_cut ? CutMark : ""));
        Clear();
    }

    private void Clear()
    {
        _length = 0;
        _cut = false;
        _returned = false;
        _any = false;
    }

    // The cut may fall into a character: its first bytes would show as a replacement that was never printed.
    private int WholeCharacters()
    {
        int start = _length - 1;
        while (start > 0 && start > _length - 4 && (_bytes[start] & 0xC0) == 0x80)
        {
            start--;
        }

        int needed = _bytes[start] switch
        {
            >= 0xF0 => 4,
            >= 0xE0 => 3,
            >= 0xC0 => 2,
            _ => 1,
        };
        return start + needed > _length ? start : _length;
    }
}

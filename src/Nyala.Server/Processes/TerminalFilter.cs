using System.Text;

namespace Nyala.Server.Processes;

/// <summary>
/// Makes text safe for a terminal: removes whole escape sequences (including colors), control characters except tab and line ends, and characters that change
/// the display order. It keeps its state between the pieces of one stream.
/// </summary>
internal sealed class TerminalFilter
{
    private const char Escape = '\u001b';

    /// <summary>The maximum length of a sequence in characters. After that many, the sequence counts as over and the text is shown again.</summary>
    private const int MaxSequenceLength = 4096;

    private State _state;
    private int _length;

    private enum State
    {
        /// <summary>Text that is shown.</summary>
        Text,

        /// <summary>After an ESC.</summary>
        Escaped,

        /// <summary>In a control sequence, which ends with a character from <c>@</c> to <c>~</c>.</summary>
        Control,

        /// <summary>In a string for the terminal, such as its title, which BEL or ST ends.</summary>
        String,
    }

    /// <summary>Returns the safe form of a whole text.</summary>
    public static string Clean(string text) => text.Any(IsHostile) ? new TerminalFilter().Pass(text) : text;

    /// <summary>Returns the safe form of the next piece of a stream.</summary>
    public string Pass(ReadOnlySpan<char> text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (IsShown(c))
            {
                kept.Append(c);
            }
        }

        return kept.ToString();
    }

    /// <summary>
    /// Whether a character controls a terminal, changes the display order, or ends a line on some terminals only. Tab, line feed and carriage return are not
    /// hostile.
    /// </summary>
    internal static bool IsHostile(char c) =>
        (char.IsControl(c) && c is not ('\t' or '\n' or '\r'))
        || c is '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u206f') or '\ufeff' or (>= '\ufff9' and <= '\ufffb');

    private bool IsShown(char c)
    {
        // A line end ends every sequence, so that no sequence can hide the lines that follow.
        if (c is '\n' or '\r' || ++_length > MaxSequenceLength)
        {
            _state = State.Text;
        }

        switch (_state)
        {
            case State.Escaped:
                Enter(c switch
                {
                    '[' => State.Control,
                    ']' or 'P' or 'X' or '^' or '_' => State.String,
                    >= ' ' and <= '/' => State.Escaped,
                    Escape => State.Escaped,
                    _ => State.Text,
                });
                return false;
            case State.Control:
                _state = c is >= '@' and <= '~' ? State.Text : c == Escape ? State.Escaped : State.Control;
                return false;
            case State.String:
                _state = c is '\a' or '\u009c' ? State.Text : c == Escape ? State.Escaped : State.String;
                return false;
            default:
                Enter(c switch
                {
                    Escape => State.Escaped,
                    '\u009b' => State.Control,
                    '\u0090' or '\u0098' or '\u009d' or '\u009e' or '\u009f' => State.String,
                    _ => State.Text,
                });
                return !IsHostile(c);
        }
    }

    private void Enter(State state) => (_state, _length) = (state, 0);
}

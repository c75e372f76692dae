using System.Text;

namespace Nyala.Server.Deploying.Push;

/// <summary>
/// Makes text safe for the pusher's terminal: removes escape sequences (also of colors) as a whole, and control characters except tab and
/// the ends of lines, and what changes the order in which characters are shown. It keeps its place between pieces of one stream. Pure.
/// </summary>
internal sealed class TerminalText
{
    private const char Escape = '\u001b';

    /// <summary>How many characters a sequence may have; one that is longer is none, and what follows is shown.</summary>
    private const int LongestSequence = 4096;

    private State _state;
    private int _length;

    private enum State
    {
        /// <summary>Text that is shown.</summary>
        Text,

        /// <summary>After an ESC.</summary>
        Escaped,

        /// <summary>In a control sequence, which a letter ends.</summary>
        Control,

        /// <summary>In a string for the terminal, say its title, which BEL or ST ends.</summary>
        String,
    }

    /// <summary>The safe form of a whole text.</summary>
    public static string Clean(string text) => new TerminalText().Pass(text);

    /// <summary>The safe form of the next piece of a stream.</summary>
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

    /// <summary>What steers a terminal or changes the order of what it shows; tab and the ends of lines are no such thing.</summary>
    internal static bool IsHostile(char c) =>
        (char.IsControl(c) && c is not ('\t' or '\n' or '\r'))
        || c is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u206f') or '\u2028' or '\u2029' or '\ufeff';

    private bool IsShown(char c)
    {
        // A line's end ends every sequence: none may swallow the lines that follow.
        if (c is '\n' or '\r' || ++_length > LongestSequence)
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

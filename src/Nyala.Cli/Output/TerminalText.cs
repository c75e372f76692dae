using System.Globalization;
using System.Text;

namespace Nyala.Cli.Output;

/// <summary>Makes text from elsewhere safe to show: a server's or a receiver's words must not steer the terminal.</summary>
internal static class TerminalText
{
    /// <summary>The text on one line: escape sequences removed, line ends and tabs as one space, other control characters removed.</summary>
    public static string OneLine(string? text) => Plain((text ?? "").ReplaceLineEndings(" ")).Replace('\t', ' ').Trim();

    /// <summary>The text without escape sequences, control characters other than the tab, and characters that turn the direction of writing.</summary>
    public static string Plain(string text) => Clean(text, lines: false);

    /// <summary>The same, with its line ends as they are.</summary>
    public static string Lines(string text) => Clean(text, lines: true);

    /// <summary>JSON in which what <see cref="Lines"/> leaves out is escaped: outside a JSON string there is none of it.</summary>
    public static string EscapeJson(string json)
    {
        if (!json.Any(IsUnsafe))
        {
            return json;
        }

        var escaped = new StringBuilder(json.Length + 64);
        foreach (char c in json)
        {
            if (IsUnsafe(c) && c is not ('\n' or '\r'))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            }
            else
            {
                escaped.Append(c);
            }
        }

        return escaped.ToString();
    }

    private static string Clean(string text, bool lines)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '\u001b')
            {
                at = EndOfEscape(text, at);
            }
            else if (!IsUnsafe(text[at]) || (lines && IsLineEnd(text, at)))
            {
                plain.Append(text[at]);
            }
        }

        return plain.ToString();
    }

    private static bool IsUnsafe(char c) => char.IsControl(c) ? c != '\t' : IsDirection(c);

    // What turns the direction of writing makes a text read otherwise than it is; the separators are line ends to some terminals.
    private static bool IsDirection(char c) =>
        c is '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u206f') or (>= '\ufff9' and <= '\ufffb');

    // A carriage return alone goes back to the line's beginning, over what was written there.
    private static bool IsLineEnd(string text, int at) => text[at] == '\n' || (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n');

    // CSI is ESC [ parameters final byte 0x40–0x7E; any other escape is taken as two characters, which leaves its text visible and harmless.
    private static int EndOfEscape(string text, int escape)
    {
        if (escape + 1 >= text.Length || text[escape + 1] != '[')
        {
            return Math.Min(escape + 1, text.Length - 1);
        }

        int at = escape + 2;
        while (at < text.Length && text[at] is < '\u0040' or > '\u007e')
        {
            at++;
        }

        return at;
    }
}

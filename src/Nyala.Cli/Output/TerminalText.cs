using System.Globalization;
using System.Text;

namespace Nyala.Cli.Output;

/// <summary>Makes text from other programs safe to print: text from a server or receiver must not control the terminal.</summary>
internal static class TerminalText
{
    /// <summary>Returns the text on one line: each line end and tab becomes a space; escape sequences and other control characters are removed.</summary>
    public static string OneLine(string? text) => Plain((text ?? "").ReplaceLineEndings(" ")).Replace('\t', ' ').Trim();

    /// <summary>Returns the text without escape sequences, control characters other than tabs, and characters that change the writing direction.</summary>
    public static string Plain(string text) => Clean(text, lines: false);

    /// <summary>Returns the same as <see cref="Plain"/>, but keeps line ends.</summary>
    public static string Lines(string text) => Clean(text, lines: true);

    /// <summary>Escapes the characters in JSON that <see cref="Lines"/> removes. They occur only in JSON strings.</summary>
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

    // A change of the writing direction makes text look different from what it is. Some terminals treat U+2028 and U+2029 as line ends.
    private static bool IsDirection(char c) =>
        c is '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u206f') or (>= '\ufff9' and <= '\ufffb');

    // After a carriage return alone, a terminal overwrites the line from its start.
    private static bool IsLineEnd(string text, int at) => text[at] == '\n' || (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n');

    // CSI is ESC [, parameters, and a final byte 0x40–0x7E. Any other escape counts as two characters; the rest of it stays visible and is harmless.
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

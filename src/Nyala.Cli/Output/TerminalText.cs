using System.Globalization;
using System.Text;
using Nyala.Server.Processes;

namespace Nyala.Cli.Output;

/// <summary>Makes text from a server or a receiver safe to print: it must not control the terminal or pass for something else.</summary>
internal static class TerminalText
{
    /// <summary>Returns the safe text on one line. Line ends and tabs become spaces.</summary>
    public static string OneLine(string? text) =>
        TerminalFilter.Clean((text ?? "").ReplaceLineEndings("\n")).Replace('\n', ' ').Replace('\t', ' ').Trim();

    /// <summary>Returns the safe text without line ends. Tabs stay.</summary>
    public static string Plain(string text) => TerminalFilter.Clean(text).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);

    /// <summary>
    /// Returns the safe text with its line ends. A carriage return without a line feed is removed, because the text after it would overwrite the line.
    /// </summary>
    public static string Lines(string text)
    {
        string clean = TerminalFilter.Clean(text);
        return clean.Contains('\r', StringComparison.Ordinal)
            ? string.Concat(clean.Where((c, at) => c != '\r' || (at + 1 < clean.Length && clean[at + 1] == '\n')))
            : clean;
    }

    /// <summary>Returns the JSON with each hostile character escaped. Such characters can occur in JSON only inside a string.</summary>
    public static string EscapeJson(string json)
    {
        if (!json.Any(TerminalFilter.IsHostile))
        {
            return json;
        }

        var escaped = new StringBuilder(json.Length + 64);
        foreach (char c in json)
        {
            if (TerminalFilter.IsHostile(c))
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
}

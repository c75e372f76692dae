using System.Globalization;
using System.Text;

namespace Nyala.Server.Outbound.Messages;

/// <summary>
/// Cleans and cuts text from events for messages. A commit's author chooses this text, so it must not be able to break a line, hide a part of itself or change
/// the order of what surrounds it. Pure.
/// </summary>
internal static class MessageText
{
    private const char NoBreakSpace = '\u00A0';

    private const string Ellipsis = "…";
    private const int TabWidth = 4;

    // Right-to-left text keeps its order inside, and does not affect the text around it.
    private const char Isolate = '\u2068';
    private const char EndOfIsolate = '\u2069';

    /// <summary>Returns the text as one clean line of at most <paramref name="limit"/> UTF-16 units.</summary>
    public static string Line(string? text, int limit) => Isolated(Cut(Clean(text ?? "", lines: false), limit - 2));

    /// <summary>Returns the first line of a text that is not blank, of at most <paramref name="limit"/> UTF-16 units.</summary>
    public static string FirstLine(string? text, int limit) => Line((text ?? "").TrimStart().Split('\n', 2)[0], limit);

    /// <summary>
    /// Returns the beginning of a text, clean and with its line ends as <c>\n</c>: at most <paramref name="limit"/> UTF-16 units and <paramref name="lines"/> lines.
    /// </summary>
    public static string Lines(string? text, int limit, int lines)
    {
        string clean = Clean(text ?? "", lines: true);
        string[] all = clean.Split('\n');
        return Cut(all.Length <= lines ? clean : lines == 1 ? all[0] : string.Join('\n', all[..(lines - 1)]) + "\n" + Ellipsis, limit);
    }

    /// <summary>Makes mentions ineffective: an invisible character follows each <c>@</c>.</summary>
    public static string WithoutMentions(string text) => text
        .Replace("@", "@\u200B", StringComparison.Ordinal).Replace("\uFF20", "\uFF20\u200B", StringComparison.Ordinal);

    /// <summary>
    /// Keeps the spaces of log lines where a service shows several as one, and none at the beginning of a line: they become no-break spaces. An empty line becomes one.
    /// </summary>
    public static string WithSpaces(string line)
    {
        char[] kept = [.. line];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = kept[i] == ' ' && (i == 0 || kept[i - 1] is ' ' or NoBreakSpace) ? NoBreakSpace : kept[i];
        }

        return kept.Length == 0 ? NoBreakSpace.ToString() : new string(kept);
    }

    /// <summary>Cuts a text to at most <paramref name="limit"/> UTF-16 units, never within a character that a person sees.</summary>
    public static string Cut(string text, int limit)
    {
        if (text.Length <= limit)
        {
            return text;
        }

        int end = 0;
        while (end < text.Length && end + StringInfo.GetNextTextElementLength(text, end) is var next && next <= limit - Ellipsis.Length)
        {
            end = next;
        }

        return limit < Ellipsis.Length ? "" : text[..end].TrimEnd() + Ellipsis;
    }

    private static string Clean(string text, bool lines)
    {
        var clean = new StringBuilder(text.Length);
        int spaces = 0;

        // A surrogate without its other half becomes U+FFFD.
        foreach (Rune rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (lines && rune.Value == '\n')
            {
                clean.Append('\n');
                spaces = 0;
            }
            else if (Rune.IsWhiteSpace(rune))
            {
                // Only texts of several lines have indents and columns.
                spaces = !lines ? 1 : spaces + (rune.Value == '\t' ? TabWidth : 1);
            }
            else if (!IsHidden(rune))
            {
                clean.Append(' ', lines || clean.Length > 0 ? spaces : 0).Append(rune.ToString());
                spaces = 0;
            }
        }

        return clean.ToString().TrimEnd('\n');
    }

    /// <summary>Whether a character is invisible and can mislead: controls, overrides of the direction, tags and the like. Joiners of emoji stay.</summary>
    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control => true,
        UnicodeCategory.Format => rune.Value is not (0x200C or 0x200D),

        // Fillers, a blank Braille cell, a joiner without effect, and selectors of variants: letters and marks by category, but nothing to see.
        // XML, and with it a call, has no noncharacters.
        _ when (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF => true,
        _ => rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 or 0x034F or (>= 0xE0100 and <= 0xE01EF),
    };

    private static string Isolated(string line) => line.EnumerateRunes().Any(IsRightToLeft) ? Isolate + line + EndOfIsolate : line;

    private static bool IsRightToLeft(Rune rune) => rune.Value is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC)
        or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);
}

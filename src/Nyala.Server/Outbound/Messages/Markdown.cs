using System.Buffers;
using System.Text;

namespace Nyala.Server.Outbound.Messages;

/// <summary>Escapes text for services that read Markdown. Pure.</summary>
internal static class Markdown
{
    private static readonly SearchValues<char> Special = SearchValues.Create("\\`*_[]<>|~#+-.@");

    // Splits what a service would read as a fence, and is not visible.
    private const char ZeroWidthSpace = '\u200B';

    /// <summary>Returns text that is shown as it is: without formatting, links in disguise, or mentions.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny(Special) < 0)
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            escaped.Append(IsMarkup(text, i) ? "\\" : "").Append(text[i]);
        }

        return MessageText.WithoutMentions(escaped.ToString());
    }

    /// <summary>Returns a code block. A fence inside the text does not end it: no three backticks of the text stay together.</summary>
    public static string Block(string text) => $"```\n{text.Replace("``", $"`{ZeroWidthSpace}`", StringComparison.Ordinal)}\n```";

    /// <summary>Whether a character has a meaning where it stands. Dashes, and dots after a number, have one only at the start.</summary>
    private static bool IsMarkup(string text, int at) => text[at] switch
    {
        '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '|' or '~' or '#' => true,
        '+' or '-' => at == 0,
        '.' => at > 0 && at < 4 && text.AsSpan(0, at).IndexOfAnyExceptInRange('0', '9') < 0,
        _ => false,
    };
}

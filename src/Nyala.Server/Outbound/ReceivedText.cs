using System.Text;
using System.Text.Unicode;

namespace Nyala.Server.Outbound;

/// <summary>Makes the text of an answer's head readable. The framework takes its bytes for Latin-1, and many receivers send UTF-8. Pure.</summary>
internal static class ReceivedText
{
    /// <summary>The text as UTF-8 where its bytes are that, without control characters.</summary>
    public static string Readable(string latin1)
    {
        if (latin1.All(letter => letter is >= ' ' and < '\u007f'))
        {
            return latin1;
        }

        string text = latin1;
        if (latin1.All(letter => letter <= '\u00ff') && Encoding.Latin1.GetBytes(latin1) is var bytes && Utf8.IsValid(bytes))
        {
            text = Encoding.UTF8.GetString(bytes);
        }

        return text.Any(char.IsControl) ? string.Concat(text.Where(letter => !char.IsControl(letter))) : text;
    }
}

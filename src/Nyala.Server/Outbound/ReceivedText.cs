using Nyala.Client;

namespace Nyala.Server.Outbound;

/// <summary>Makes the text of an answer's head readable. Pure.</summary>
internal static class ReceivedText
{
    /// <summary>The text as UTF-8 where its bytes are that, without control characters.</summary>
    public static string Readable(string latin1)
    {
        if (latin1.All(letter => letter is >= ' ' and < '\u007f'))
        {
            return latin1;
        }

        string text = HeaderText.Decode(latin1);
        return text.Any(char.IsControl) ? string.Concat(text.Where(letter => !char.IsControl(letter))) : text;
    }
}

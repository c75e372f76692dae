using Nyala.Client;

namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>Makes text from the head of a response readable. Pure.</summary>
internal static class ReceivedText
{
    /// <summary>Decodes the text as UTF-8 if its bytes are valid UTF-8, and removes control characters.</summary>
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

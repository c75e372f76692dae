using System.Text;
using System.Text.Unicode;

namespace Nyala.Client;

/// <summary>Decodes text from the head of a response, such as the reason phrase. The framework reads it as Latin-1, but many servers send UTF-8.</summary>
internal static class HeaderText
{
    /// <summary>Returns the text decoded as UTF-8 if its bytes are valid UTF-8, otherwise unchanged.</summary>
    public static string Decode(string latin1) =>
        latin1.All(letter => letter <= '\u00ff') && Encoding.Latin1.GetBytes(latin1) is var bytes && Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : latin1;
}

using System.Text;
using System.Text.Unicode;

namespace Nyala.Client;

/// <summary>Reads the text of an answer's head, such as its reason phrase. The framework takes its bytes for Latin-1, and many servers send UTF-8. Pure.</summary>
internal static class HeaderText
{
    /// <summary>The text as UTF-8 if its bytes are that, else as it is.</summary>
    public static string Decode(string latin1) =>
        latin1.All(letter => letter <= '\u00ff') && Encoding.Latin1.GetBytes(latin1) is var bytes && Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : latin1;
}

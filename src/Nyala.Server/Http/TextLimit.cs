namespace Nyala.Server.Http;

/// <summary>How long the texts may be that others give. In characters.</summary>
internal static class TextLimit
{
    /// <summary>Of a name: an author, a branch, a deployer.</summary>
    public const int Name = 1024;

    /// <summary>Of a message.</summary>
    public const int Message = 64 * 1024;

    /// <summary>The beginning of a text that is too long and only shown.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        // Half a character is no text.
        return text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }
}

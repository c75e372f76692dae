namespace Nyala.Server.Http;

/// <summary>Limits of texts that come from outside, in characters.</summary>
internal static class TextLimit
{
    /// <summary>The limit of a name, such as an author, a branch or a deployer.</summary>
    public const int Name = 1024;

    /// <summary>The limit of a message.</summary>
    public const int Message = 64 * 1024;

    /// <summary>Returns the text, cut to at most this many characters.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        // A surrogate pair is not cut in two, because half of it is not valid text.
        return text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }
}

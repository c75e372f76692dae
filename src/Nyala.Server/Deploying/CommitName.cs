namespace Nyala.Server.Deploying.Fetch;

/// <summary>The form of a commit's id: hexadecimal digits, all of them (40, or 64 with SHA-256) or the first ones.</summary>
internal static class CommitName
{
    private const int Shortest = 7;
    private const int Longest = 64;

    public static bool IsValid(string text) => text.Length is >= Shortest and <= Longest && text.All(char.IsAsciiHexDigit);

    /// <summary>Whether it is a whole id, which names one commit for ever.</summary>
    public static bool IsWhole(string text) => IsValid(text) && text.Length is 40 or 64;
}

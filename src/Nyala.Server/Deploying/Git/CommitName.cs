using System.Buffers;

namespace Nyala.Server.Deploying.Git;

/// <summary>The form of a commit's id: hexadecimal digits, either all of them (40, or 64 with SHA-256) or at least the first seven.</summary>
internal static class CommitName
{
    private const int Shortest = 7;
    private const int Longest = 64;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdefABCDEF");

    public static bool IsValid(ReadOnlySpan<char> text) => text.Length is >= Shortest and <= Longest && !text.ContainsAnyExcept(Digits);

    /// <summary>Whether the text is a full id, which names one commit forever.</summary>
    public static bool IsWhole(ReadOnlySpan<char> text) => text.Length is 40 or 64 && IsValid(text);
}

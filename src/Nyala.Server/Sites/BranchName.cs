using System.Buffers;

namespace Nyala.Server.Sites;

/// <summary>
/// Whether a text can be the name of a branch: <c>git check-ref-format --branch</c>, and also nothing that a command line takes for an
/// option or that steers a terminal.
/// </summary>
internal static class BranchName
{
    /// <summary>What a refusal says of the form.</summary>
    /// <summary>What git's full name of a branch begins with.</summary>
    public const string Heads = "refs/heads/";

    public const string Rule = "a git branch such as main or release/2, at most 200 characters, without refs/heads/";

    // git keeps a branch in a file below refs/heads/, and its lock beside it.
    private const int MaxLength = 200;
    private const string Head = "HEAD";

    // Revisions, patterns and paths are spelled with these.
    private static readonly SearchValues<char> Closed = SearchValues.Create(" ~^:?*[\\");

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength
        && name[0] != '-'
        && name is not ("@" or Head)
        && !name.StartsWith(Heads, StringComparison.Ordinal)
        && !name.EndsWith('.')
        && !name.Contains("..", StringComparison.Ordinal)
        && !name.Contains("@{", StringComparison.Ordinal)
        && !name.AsSpan().ContainsAny(Closed)
        && !name.Any(char.IsControl)
        && name.Split('/').All(IsPart);

    private static bool IsPart(string part) => part.Length > 0 && part[0] != '.' && !part.EndsWith(".lock", StringComparison.Ordinal);
}

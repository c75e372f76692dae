using System.Buffers;

namespace Nyala.Server.Sites;

/// <summary>
/// Checks the name of a branch as <c>git check-ref-format --branch</c> does. It also refuses names that a command line would read as an option or that contain
/// control characters, which could control a terminal.
/// </summary>
internal static class BranchName
{
    /// <summary>The prefix of a branch's full name in git.</summary>
    public const string Heads = "refs/heads/";

    /// <summary>The form, as error messages state it.</summary>
    public const string Rule = "a git branch, such as main or release/2, with at most 200 characters and without refs/heads/";

    // git stores a branch in a file below refs/heads/, with a lock file beside it, so the length of file names limits a branch name.
    private const int MaxLength = 200;
    private const string Head = "HEAD";

    // git uses these characters in revisions, patterns and paths.
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

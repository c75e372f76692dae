namespace Nyala.Cli.Run;

/// <summary>The facts about the checked-out commit of a git repository.</summary>
/// <param name="Commit">The commit's full ID.</param>
/// <param name="Author">The name of the commit's author.</param>
/// <param name="Email">The email address of the commit's author.</param>
/// <param name="Subject">The first paragraph of the commit's message, on one line.</param>
/// <param name="Branch">The branch; null if no branch is checked out, as in most CI jobs.</param>
internal sealed record GitFacts(string Commit, string Author, string Email, string Subject, string? Branch)
{
    /// <summary>The format for <c>git log</c>: fields separated by NUL, which no field can contain.</summary>
    public const string Form = "--format=%H%x00%an%x00%ae%x00%s%x00%D";

    private const string HeadBranch = "HEAD -> refs/heads/";

    /// <summary>Parses the output of <c>git log</c>; returns null if it does not have this format.</summary>
    public static GitFacts? Parse(string output)
    {
        string[] fields = output.TrimEnd('\n', '\r').Split('\0');
        return fields.Length == 5 && fields[0].Length >= 40 && fields[0].All(char.IsAsciiHexDigit)
            ? new GitFacts(fields[0], fields[1], fields[2], fields[3], BranchIn(fields[4]))
            : null;
    }

    // "HEAD -> refs/heads/main, tag: refs/tags/v1": the name of a branch can contain a comma, but never a space.
    private static string? BranchIn(string decoration)
    {
        if (!decoration.StartsWith(HeadBranch, StringComparison.Ordinal))
        {
            return null;
        }

        int end = decoration.IndexOf(", ", StringComparison.Ordinal);
        return decoration[HeadBranch.Length..(end < 0 ? decoration.Length : end)];
    }
}

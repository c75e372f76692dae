namespace Nyala.Cli.Run;

/// <summary>What a git repository says of the commit that is checked out.</summary>
/// <param name="Commit">The commit's full id.</param>
/// <param name="Author">Its author's name.</param>
/// <param name="Email">Its author's e-mail address.</param>
/// <param name="Subject">The first paragraph of its message, on one line.</param>
/// <param name="Branch">The branch; null if none is checked out, as in most CI jobs.</param>
internal sealed record GitFacts(string Commit, string Author, string Email, string Subject, string? Branch)
{
    /// <summary>The form to ask <c>git log</c> for: fields apart by NUL, which no field can hold.</summary>
    public const string Form = "--format=%H%x00%an%x00%ae%x00%s%x00%D";

    private const string HeadBranch = "HEAD -> refs/heads/";

    /// <summary>Reads the answer; null if it is none.</summary>
    public static GitFacts? Parse(string output)
    {
        string[] fields = output.TrimEnd('\n', '\r').Split('\0');
        return fields.Length == 5 && fields[0].Length >= 40 && fields[0].All(char.IsAsciiHexDigit)
            ? new GitFacts(fields[0], fields[1], fields[2], fields[3], BranchIn(fields[4]))
            : null;
    }

    // "HEAD -> refs/heads/main, tag: refs/tags/v1": a branch's name may hold a comma, never a space.
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

namespace Nyala.Cli.Run.Ci;

/// <summary>The facts in a CI job's environment about the commit that the job was started for. A fact that is not there is null.</summary>
/// <param name="System">The CI system's name.</param>
/// <param name="Commit">The commit's full ID.</param>
/// <param name="Branch">The branch. In a pull request it is the source branch; in a job for a tag it is null.</param>
/// <param name="IsPullRequest">Whether the job is for a pull or merge request.</param>
/// <param name="Message">The first line of the commit's message.</param>
/// <param name="Author">The name of the commit's author.</param>
/// <param name="AuthorEmail">The author's email address.</param>
/// <param name="Deployer">The user who started the job.</param>
internal sealed record CiFacts(
    string System, string? Commit, string? Branch, bool IsPullRequest, string? Message, string? Author, string? AuthorEmail, string? Deployer)
{
    private const string Heads = "refs/heads/";
    private const string Pull = "pull/";

    /// <summary>Reads the facts; returns null outside a CI job.</summary>
    public static CiFacts? Read(CiVariables variables)
    {
        // A container may get some of a job's variables without the one that identifies the CI system.
        CiSystem? system = CiSystems.All.FirstOrDefault(system => variables[system.Marker] is not null)
            ?? CiSystems.All.FirstOrDefault(system => variables.First(system.Variables) is not null);
        if (system is null)
        {
            return null;
        }

        string? source = variables.First(system.SourceBranch) is { } text ? BranchIn(text, system) : null;
        string? built = variables.First(system.Branch) is { } named ? BranchIn(named, system) : null;
        bool isTag = variables.First(system.Tag) is not null;
        (string? author, string? email) = Person(variables.First(system.Author));
        return new CiFacts(
            system.Name,
            system.Commit.Select(entry => variables[entry]).FirstOrDefault(IsCommit)?.ToLowerInvariant(),
            isTag ? null : source ?? built,
            source is not null && !isTag,
            variables.First(system.Message)?.Trim().Split('\n')[0].TrimEnd(),
            author,
            email ?? Person(variables.First(system.AuthorEmail)).Email ?? variables.First(system.AuthorEmail),
            variables.First(system.Deployer));
    }

    /// <summary>Returns the branch that a value names; null if the value is another kind of ref, or says that there is no branch.</summary>
    private static string? BranchIn(string value, CiSystem system)
    {
        string name = value.Trim();
        if (name.StartsWith(Heads, StringComparison.Ordinal))
        {
            name = name[Heads.Length..];
        }
        else if (name.StartsWith("refs/", StringComparison.Ordinal) || name is "HEAD" or "detached" or "<default>" || IsPull(name))
        {
            return null;
        }

        return name.StartsWith(system.BranchPrefix, StringComparison.Ordinal) ? name[system.BranchPrefix.Length..] : name;
    }

    // CircleCI uses "pull/NUMBER" as the branch of a pull request from a fork, and TeamCity as the branch of any pull request.
    private static bool IsPull(string name) => name.StartsWith(Pull, StringComparison.Ordinal) && name.AsSpan(Pull.Length) is { Length: > 0 } number && !number.ContainsAnyExceptInRange('0', '9');

    // "HEAD", a name, and a revision number of another version control system are not commit IDs.
    private static bool IsCommit(string? text) => text is { Length: 40 or 64 } && text.All(char.IsAsciiHexDigit);

    private static (string? Name, string? Email) Person(string? text)
    {
        int open = text?.LastIndexOf('<') ?? -1;
        return open < 0 || !text!.EndsWith('>')
            ? (text, null)
            : (text[..open].Trim() is { Length: > 0 } name ? name : null, text[(open + 1)..^1].Trim());
    }
}

using Nyala.Server.Processes;

namespace Nyala.Cli.Run;

/// <summary>What became of asking git about the commit that is checked out.</summary>
/// <param name="Facts">What it says; null if it says nothing.</param>
/// <param name="Problem">Why it says nothing, in its own words and without a full stop; null if it was not asked about a repository at all.</param>
internal sealed record GitResult(GitFacts? Facts, string? Problem)
{
    /// <summary>There is no git on this machine.</summary>
    public static readonly GitResult Missing = new(null, "git is not installed");

    private const string Fatal = "fatal: ";

    /// <summary>Reads git's answer. A folder in no repository is no problem: many deployments have none.</summary>
    /// <param name="answer">The answer; null if there was none in time.</param>
    public static GitResult Of(ProgramResult? answer)
    {
        if (answer is null)
        {
            return new(null, "git did not answer in time");
        }

        if (answer.ExitCode == 0 && GitFacts.Parse(answer.Output) is { } facts)
        {
            return new(facts, null);
        }

        string reason = answer.Error.Split('\n').FirstOrDefault(line => line.StartsWith(Fatal, StringComparison.Ordinal)) is { } line
            ? line[Fatal.Length..].Trim().TrimEnd('.')
            : $"git ended with exit code {answer.ExitCode}";
        return new(null, reason.StartsWith("not a git repository", StringComparison.Ordinal) ? null : reason);
    }
}

/// <summary>Decides what <c>nyala run</c> says if git does not tell which commit is deployed.</summary>
internal static class GitNotice
{
    private const string OtherOwner = "detected dubious ownership";

    /// <summary>The notice; null if there is nothing to say.</summary>
    /// <param name="git">What became of asking git.</param>
    /// <param name="ci">What the CI job's environment says; null outside a job.</param>
    /// <param name="request">What the caller said.</param>
    public static string? Of(GitResult git, Ci.CiFacts? ci, RunRequest request)
    {
        // A machine without git and without a CI commit counts as one without a repository.
        if (git.Problem is null || (git == GitResult.Missing && ci?.Commit is null))
        {
            return null;
        }

        string[] missing = Missing(request);
        if (missing.Length == 0)
        {
            return null;
        }

        string reason = git == GitResult.Missing ? "git is not installed" : $"git does not read the commit: {git.Problem}";
        string advice = git.Problem.StartsWith(OtherOwner, StringComparison.Ordinal)
            ? " To let it, run \"git config --global --add safe.directory FOLDER\" as this user."
            : "";
        return reason + (
            ci?.Commit is { } commit && request.Id is null ? $". The commit that {ci.System} names is reported: {commit}."
            : ci is not null ? $". What {ci.System} says of the commit is reported."
            : $". The deployment is reported without the commit's {Listed(missing)}.") + advice;
    }

    /// <summary>What git would have been asked for.</summary>
    private static string[] Missing(RunRequest request) =>
    [
        .. new[] { (request.Id, "id"), (request.Branch, "branch"), (request.Author, "author"), (request.Message, "message") }.Where(fact => fact.Item1 is null).Select(fact => fact.Item2),
    ];

    private static string Listed(string[] words) => words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} and {words[^1]}";
}

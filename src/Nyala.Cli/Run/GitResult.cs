using Nyala.Server.Processes;

namespace Nyala.Cli.Run;

/// <summary>The result of asking git about the checked-out commit.</summary>
/// <param name="Facts">The facts; null if git did not return them.</param>
/// <param name="Problem">Why git did not return them, without a full stop; null if it did, or if the folder is not in a repository.</param>
internal sealed record GitResult(GitFacts? Facts, string? Problem)
{
    /// <summary>The result if git is not installed.</summary>
    public static readonly GitResult Missing = new(null, "git is not installed");

    private const string Fatal = "fatal: ";

    /// <summary>Interprets the output of git. A folder that is not in a repository is not a problem, because many deployments have no repository.</summary>
    /// <param name="answer">The output of git; null if git could not be run or did not end in time.</param>
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

/// <summary>Decides which notice <c>nyala run</c> prints if git does not provide the commit.</summary>
internal static class GitNotice
{
    private const string OtherOwner = "detected dubious ownership";

    /// <summary>Returns the notice, or null if none is needed.</summary>
    /// <param name="git">The result of asking git.</param>
    /// <param name="ci">The facts from the CI job's environment; null outside a CI job.</param>
    /// <param name="request">The request of the caller.</param>
    public static string? Of(GitResult git, Ci.CiFacts? ci, RunRequest request)
    {
        // If git is not installed and CI names no commit, there is probably no repository.
        if (git.Problem is null || (git == GitResult.Missing && ci?.Commit is null))
        {
            return null;
        }

        string[] missing = Missing(request);
        if (missing.Length == 0)
        {
            return null;
        }

        string reason = git == GitResult.Missing ? "git is not installed" : $"git cannot read the commit: {git.Problem}";
        string advice = git.Problem.StartsWith(OtherOwner, StringComparison.Ordinal)
            ? " To allow it, run \"git config --global --add safe.directory FOLDER\" as this user."
            : "";
        return reason + (
            ci?.Commit is { } commit && request.Id is null ? $". The report uses the commit from {ci.System}: {commit}."
            : ci is not null ? $". The report uses what {ci.System} provides about the commit."
            : $". The report does not contain the commit's {Listed(missing)}.") + advice;
    }

    /// <summary>Returns the facts that the caller did not specify and that git would have provided.</summary>
    private static string[] Missing(RunRequest request) =>
    [
        .. new[] { (request.Id, "id"), (request.Branch, "branch"), (request.Author, "author"), (request.Message, "message") }.Where(fact => fact.Item1 is null).Select(fact => fact.Item2),
    ];

    private static string Listed(string[] words) => words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} and {words[^1]}";
}

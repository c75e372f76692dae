using Nyala.Cli.Run.Ci;

namespace Nyala.Cli.Run;

/// <summary>What a report says about a run, apart from how it goes.</summary>
internal sealed record RunFacts(string Id, string Message, string Deployer, string Author, string? AuthorEmail, string? Branch)
{
    /// <summary>Decides each fact: the caller's word, else git's, else the CI job's, else a default.</summary>
    /// <param name="given">The caller's words.</param>
    /// <param name="git">What git says; null if there is no repository that it reads.</param>
    /// <param name="ci">What the CI job's environment says; null outside a job.</param>
    /// <param name="user">The name of the user that runs the command.</param>
    /// <param name="newId">The id if nobody names a commit.</param>
    public static RunFacts Of(RunRequest given, GitFacts? git, CiFacts? ci, string user, string newId)
    {
        (string author, string? email) = AuthorOf(given, git, ci, user);
        return new RunFacts(
            given.Id ?? git?.Commit ?? ci?.Commit ?? newId,
            given.Message ?? NullIfEmpty(git?.Subject) ?? NullIfEmpty(ci?.Message) ?? DefaultMessage(given),
            given.Deployer ?? ci?.Deployer ?? user,
            author,
            given.AuthorEmail ?? email,
            given.Branch ?? BranchOf(git, ci));
    }

    // A name and an address of two different people would be worse than no address.
    private static (string Name, string? Email) AuthorOf(RunRequest given, GitFacts? git, CiFacts? ci, string user) =>
        given.Author is { } author ? (author, null)
        : NullIfEmpty(git?.Author) is { } committed ? (committed, NullIfEmpty(git!.Email))
        : ci?.Author is { } named ? (named, ci.AuthorEmail)
        : (user, null);

    /// <summary>
    /// In a pull request the checked-out branch is often the target, or none, so the job knows better. Otherwise the job's branch is
    /// that of the repository only if both mean the same commit, or the repository has no branch checked out.
    /// </summary>
    private static string? BranchOf(GitFacts? git, CiFacts? ci) =>
        ci?.Branch is { } branch && (ci.IsPullRequest || git?.Branch is null || git.Commit == ci.Commit) ? branch : git?.Branch;

    // The command's name only: its arguments may hold a password, and the message goes to every receiver.
    private static string DefaultMessage(RunRequest given) => $"Deployed by nyala run: {Path.GetFileName(given.Command[0])}";

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

using Nyala.Cli.Run.Ci;

namespace Nyala.Cli.Run;

/// <summary>The facts about a run that are known when it starts.</summary>
internal sealed record RunFacts(string Id, string Message, string Deployer, string Author, string? AuthorEmail, string? Branch)
{
    /// <summary>Decides each fact: the value from the caller if there is one, otherwise from git, otherwise from the CI job, otherwise a default.</summary>
    /// <param name="given">The request of the caller.</param>
    /// <param name="git">The facts from git; null if git reads no repository.</param>
    /// <param name="ci">The facts from the CI job's environment; null outside a CI job.</param>
    /// <param name="user">The name of the user who runs the command.</param>
    /// <param name="newId">The ID to use if no ID and no commit is known.</param>
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

    // The name of one person with the email address of another would be worse than no address.
    private static (string Name, string? Email) AuthorOf(RunRequest given, GitFacts? git, CiFacts? ci, string user) =>
        given.Author is { } author ? (author, null)
        : NullIfEmpty(git?.Author) is { } committed ? (committed, NullIfEmpty(git!.Email))
        : ci?.Author is { } named ? (named, ci.AuthorEmail)
        : (user, null);

    /// <summary>
    /// Returns the CI job's branch in a pull request, because the checked-out branch is often the target branch or none at all. In any other job, returns it
    /// only if the job and the repository name the same commit, or if the repository has no branch checked out.
    /// </summary>
    private static string? BranchOf(GitFacts? git, CiFacts? ci) =>
        ci?.Branch is { } branch && (ci.IsPullRequest || git?.Branch is null || git.Commit == ci.Commit) ? branch : git?.Branch;

    // Only the command's name: its arguments may contain a password, and every receiver gets the message.
    private static string DefaultMessage(RunRequest given) => $"Deployed by nyala run: {Path.GetFileName(given.Command[0])}";

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

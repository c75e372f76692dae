namespace Nyala.Cli.Run;

/// <summary>What a report says of a run beside how it goes.</summary>
internal sealed record RunFacts(string Id, string Message, string Deployer, string Author, string? AuthorEmail, string? Branch)
{
    // Who started a job, and what it was started for, in the words of GitHub Actions, GitLab CI and Azure Pipelines.
    private static readonly string[] DeployerVariables = ["GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_REQUESTEDFOR"];
    private static readonly string[] BranchVariables = ["GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME", "BUILD_SOURCEBRANCHNAME"];

    /// <summary>Decides: what the caller said, else what git says, else what the CI job's environment says, else a default.</summary>
    /// <param name="given">The caller's words.</param>
    /// <param name="git">What git says; null where there is no repository.</param>
    /// <param name="variable">The environment.</param>
    /// <param name="user">The name of the user that runs the command.</param>
    /// <param name="newId">The id where nobody gave one and there is no commit.</param>
    public static RunFacts Of(RunRequest given, GitFacts? git, Func<string, string?> variable, string user, string newId) => new(
        given.Id ?? git?.Commit ?? newId,
        given.Message ?? NullIfEmpty(git?.Subject) ?? DefaultMessage(given),
        given.Deployer ?? First(DeployerVariables, variable) ?? user,
        given.Author ?? NullIfEmpty(git?.Author) ?? user,
        given.AuthorEmail ?? (given.Author is null ? NullIfEmpty(git?.Email) : null),
        given.Branch ?? git?.Branch ?? First(BranchVariables, variable));

    // The command's name only: its arguments may hold a password, and the message goes to every receiver.
    private static string DefaultMessage(RunRequest given) => $"Deployed by nyala run: {Path.GetFileName(given.Command[0])}";

    private static string? First(string[] variables, Func<string, string?> variable) =>
        variables.Select(variable).FirstOrDefault(value => !string.IsNullOrEmpty(value));

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

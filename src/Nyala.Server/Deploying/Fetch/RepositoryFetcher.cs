using Nyala.Server.Deploying.Git;
using Nyala.Server.Processes;
using Nyala.Server.Sites;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// Fetches commits into a site's repository. What is fetched goes to one of the server's own refs. The site's branch is moved, as by a push, only when the
/// commit is known to be complete.
/// </summary>
internal sealed class RepositoryFetcher(DeployingOptions options, TimeProvider clock)
{
    /// <summary>The ref of what was fetched last.</summary>
    public const string FetchedRef = BareRepository.OwnRefs + "/fetched";

    /// <summary>The maximum time to find out which commit a branch is at.</summary>
    private static readonly TimeSpan LocateLimit = TimeSpan.FromSeconds(30);

    private readonly RemoteGit _git = new(clock);

    /// <summary>Asks the repository which commit a branch is at. If that cannot be determined, the commit is null and the reason says why.</summary>
    public async Task<(string? Commit, string Reason)> LocateAsync(FetchRoute route, string branch, CancellationToken cancellationToken)
    {
        string head = BranchName.Heads + branch;
        (ProgramResult result, string reason) = await RunGitAsync(
            route, branch, route.Start(["ls-remote"], head), _ => ValueTask.CompletedTask, LocateLimit < options.FetchLimit ? LocateLimit : options.FetchLimit, cancellationToken);
        if (reason.Length > 0)
        {
            return (null, reason);
        }

        // ls-remote also lists refs that only end with the pattern.
        string? commit = result.Output.Split('\n').Select(line => line.Split('\t')).Where(parts => parts.Length == 2 && parts[1] == head).Select(parts => parts[0]).FirstOrDefault();
        return commit is not null && CommitName.IsWhole(commit) ? (commit, "") : (null, FetchFailure.Explain("couldn't find remote ref", route, branch));
    }

    /// <summary>Fetches a commit and moves the branch to it.</summary>
    /// <param name="route">The route to the other repository.</param>
    /// <param name="repository">The site's repository.</param>
    /// <param name="target">What to fetch.</param>
    /// <param name="say">Receives the lines that git prints.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<Fetched> FetchAsync(
        FetchRoute route, BareRepository repository, FetchTarget target, Func<string, ValueTask> say, CancellationToken cancellationToken)
    {
        string? id = target.Commit;
        string reason = "";
        bool single = id is not null && CommitName.IsWhole(id);
        if (single)
        {
            (ProgramResult result, reason) = await FetchAsync(route, repository, target.Branch, id!, say, cancellationToken);
            single = result.Ok || !FetchFailure.IsMissingOrUnadvertised(result.Error ?? "");
        }

        if (!single)
        {
            (_, reason) = await FetchAsync(route, repository, target.Branch, BranchName.Heads + target.Branch, say, cancellationToken);
        }

        if (reason.Length > 0)
        {
            return Fetched.Failed(reason);
        }

        Commit? commit = await FindAsync(repository, id, cancellationToken);
        if (commit is null)
        {
            return Fetched.Failed(id is null ? $"The branch '{target.Branch}' of {route.Url} does not point to a commit." : Missing(route, target));
        }

        cancellationToken.ThrowIfCancellationRequested();
        await MoveAsync(repository, target.Branch, commit.Id, say);
        return new Fetched(commit, "");
    }

    /// <summary>Fetches a branch without moving the branch of the site's repository. If it fails, the tip is null and the reason says why.</summary>
    /// <param name="route">The route to the other repository.</param>
    /// <param name="repository">The site's repository.</param>
    /// <param name="branch">The branch.</param>
    /// <param name="say">Receives the lines that git prints.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<(Commit? Tip, string Reason)> FetchBranchAsync(
        FetchRoute route, BareRepository repository, string branch, Func<string, ValueTask> say, CancellationToken cancellationToken)
    {
        (ProgramResult result, string reason) = await FetchAsync(route, repository, branch, BranchName.Heads + branch, say, cancellationToken);
        if (reason.Length > 0)
        {
            return (null, FetchFailure.IsMissingOrUnadvertised(result.Error) ? $"{route.Url} no longer has a branch '{branch}', so there is nothing to deploy." : reason);
        }

        Commit? tip = await repository.FindAsync(FetchedRef, cancellationToken);
        return tip is null ? (null, $"The branch '{branch}' of {route.Url} does not point to a commit.") : (tip, "");
    }

    private static string Missing(FetchRoute route, FetchTarget target) => CommitName.IsWhole(target.Commit!)
        ? $"The commit {target.Commit} is not on the branch '{target.Branch}' of {route.Url}, and its server does not allow fetching single commits. Specify the commit's branch after '#' instead."
        : $"The branch '{target.Branch}' of {route.Url} has no commit, or more than one, that starts with {target.Commit}. Use the full commit id.";

    private async Task<(ProgramResult Result, string Reason)> FetchAsync(
        FetchRoute route, BareRepository repository, string branch, string source, Func<string, ValueTask> say, CancellationToken cancellationToken)
    {
        string[] verb =
        [
            "--git-dir", repository.Path, "fetch", "--progress", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head",
        ];
        System.Diagnostics.ProcessStartInfo start = route.Start(verb, $"+{source}:{FetchedRef}");
        OrphanProcesses.Mark(start, repository.Path);
        repository.Unlock(FetchedRef);
        return await RunGitAsync(route, branch, start, say, options.FetchLimit, cancellationToken);
    }

    private async Task<(ProgramResult Result, string Reason)> RunGitAsync(
        FetchRoute route, string branch, System.Diagnostics.ProcessStartInfo start, Func<string, ValueTask> say, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            ProgramResult result = await _git.RunAsync(start, line => say(route.Mask(line)), limit, cancellationToken);
            return (result, result.Ok ? "" : FetchFailure.Explain(result.Error, route, branch));
        }
        catch (TimeoutException)
        {
            string reason = limit == options.FetchLimit
                ? $"{route.Url} was not fetched within {limit:g} (Deploying:FetchLimit), so the fetch was stopped."
                : $"{route.Url} did not list its branches within {limit:g}.";
            return (new ProgramResult(-1, "", ""), reason);
        }
    }

    /// <summary>
    /// Returns the commit if it can be reached from what was fetched, otherwise null. An object that is there by chance may refer to objects that are missing.
    /// </summary>
    private static async Task<Commit?> FindAsync(BareRepository repository, string? id, CancellationToken cancellationToken)
    {
        if (id is null)
        {
            return await repository.FindRefAsync(FetchedRef, cancellationToken);
        }

        IReadOnlyList<Commit> commits = CommitName.IsWhole(id) ? await repository.FindAsync(id, cancellationToken) is { } one ? [one] : []
            : await repository.FindAllAsync(id, cancellationToken);
        var leading = new List<Commit>();
        foreach (Commit commit in commits)
        {
            if (await repository.ContainsAsync(FetchedRef, commit.Id, cancellationToken))
            {
                leading.Add(commit);
            }
        }

        return leading is [Commit found] ? found : null;
    }

    /// <summary>Moves the branch of the site's repository. The call is short and cannot be canceled, because an interrupted one would leave a lock.</summary>
    public static async Task MoveAsync(BareRepository repository, string branch, string commit, Func<string, ValueTask> say)
    {
        await repository.KeepAsync(commit);
        ProgramResult moved = await GitProcess.RunAsync(repository.Path, CancellationToken.None, "update-ref", "--end-of-options", BranchName.Heads + branch, commit);
        if (!moved.Ok)
        {
            // The commit is in the repository anyway, and is deployed.
            await say($"The branch '{branch}' of the site's own repository was not updated: {moved.Reason}");
        }
    }
}

using Nyala.Server.Deploying.Git;
using Nyala.Server.Processes;
using Nyala.Server.Sites;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// Fetches commits into a site's repository. What comes lands under a ref of the server's own; the branch is moved, as a push
/// would, once the commit is known to be whole.
/// </summary>
internal sealed class RepositoryFetcher(DeployingOptions options, TimeProvider clock)
{
    /// <summary>The ref that what was fetched last is under.</summary>
    public const string Landing = BareRepository.OwnRefs + "/fetched";

    /// <summary>How long it may take to learn where a branch leads.</summary>
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(30);

    private readonly RemoteGit _git = new(clock);

    /// <summary>Asks the repository where a branch leads; null if that is not known, with the reason.</summary>
    public async Task<(string? Commit, string Reason)> LocateAsync(FetchRoute route, string branch, CancellationToken cancellationToken)
    {
        string head = BranchName.Heads + branch;
        (ProgramResult result, string reason) = await TalkAsync(
            route, branch, route.Start(["ls-remote"], head), _ => ValueTask.CompletedTask, LookLimit < options.FetchLimit ? LookLimit : options.FetchLimit, cancellationToken);
        if (reason.Length > 0)
        {
            return (null, reason);
        }

        // The pattern matches what ends with it, too.
        string? commit = result.Output.Split('\n').Select(line => line.Split('\t')).Where(parts => parts.Length == 2 && parts[1] == head).Select(parts => parts[0]).FirstOrDefault();
        return commit is not null && CommitName.IsWhole(commit) ? (commit, "") : (null, FetchFailure.Explain("couldn't find remote ref", route, branch));
    }

    /// <summary>Fetches a commit, and moves the branch to it.</summary>
    /// <param name="route">The way there.</param>
    /// <param name="repository">The site's repository.</param>
    /// <param name="target">What to fetch.</param>
    /// <param name="say">Gets what git says meanwhile.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Fetched> FetchAsync(
        FetchRoute route, BareRepository repository, FetchTarget target, Func<string, ValueTask> say, CancellationToken cancellationToken)
    {
        string? id = target.Commit;
        string reason = "";
        bool single = id is not null && CommitName.IsWhole(id);
        if (single)
        {
            (ProgramResult result, reason) = await FetchAsync(route, repository, target.Branch, id!, say, cancellationToken);
            single = result.Ok || !FetchFailure.IsUnadvertised(result.Error ?? "");
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
            return Fetched.Failed(id is null ? $"The branch '{target.Branch}' of {route.Url} leads to no commit." : Missing(route, target));
        }

        cancellationToken.ThrowIfCancellationRequested();
        await MoveAsync(repository, target.Branch, commit.Id, say);
        return new Fetched(commit, "");
    }

    /// <summary>Fetches a branch, and leaves the repository's own if it is; null if it failed, with the reason.</summary>
    /// <param name="route">The way there.</param>
    /// <param name="repository">The site's repository.</param>
    /// <param name="branch">The branch.</param>
    /// <param name="say">Gets what git says meanwhile.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<(Commit? Tip, string Reason)> FetchBranchAsync(
        FetchRoute route, BareRepository repository, string branch, Func<string, ValueTask> say, CancellationToken cancellationToken)
    {
        (ProgramResult result, string reason) = await FetchAsync(route, repository, branch, BranchName.Heads + branch, say, cancellationToken);
        if (reason.Length > 0)
        {
            return (null, FetchFailure.IsUnadvertised(result.Error) ? $"{route.Url} has no branch '{branch}' any more: there is nothing to deploy." : reason);
        }

        Commit? tip = await repository.FindAsync(Landing, cancellationToken);
        return tip is null ? (null, $"The branch '{branch}' of {route.Url} leads to no commit.") : (tip, "");
    }

    private static string Missing(FetchRoute route, FetchTarget target) => CommitName.IsWhole(target.Commit!)
        ? $"The commit {target.Commit} is not on the branch '{target.Branch}' of {route.Url}, whose server gives out no single commits. Name the commit's branch after '#' in its place."
        : $"No single commit on the branch '{target.Branch}' of {route.Url} begins with {target.Commit}. Give its whole id.";

    private async Task<(ProgramResult Result, string Reason)> FetchAsync(
        FetchRoute route, BareRepository repository, string branch, string source, Func<string, ValueTask> say, CancellationToken cancellationToken)
    {
        string[] verb =
        [
            "--git-dir", repository.Path, "fetch", "--progress", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head",
        ];
        System.Diagnostics.ProcessStartInfo start = route.Start(verb, $"+{source}:{Landing}");
        OrphanProcesses.Mark(start, repository.Path);
        repository.Unlock(Landing);
        return await TalkAsync(route, branch, start, say, options.FetchLimit, cancellationToken);
    }

    private async Task<(ProgramResult Result, string Reason)> TalkAsync(
        FetchRoute route, string branch, System.Diagnostics.ProcessStartInfo start, Func<string, ValueTask> say, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            ProgramResult result = await _git.RunAsync(start, line => say(route.Mask(line)), limit, cancellationToken);
            return (result, result.Ok ? "" : FetchFailure.Explain(result.Error, route, branch));
        }
        catch (TimeoutException)
        {
            return (new ProgramResult(-1, "", ""), $"{route.Url} was not fetched within {limit:g}, and the attempt was ended (Deploying:FetchLimit).");
        }
    }

    /// <summary>The commit, if what was fetched leads to it: objects that are there by chance may lack what they name.</summary>
    private static async Task<Commit?> FindAsync(BareRepository repository, string? id, CancellationToken cancellationToken)
    {
        if (id is null)
        {
            return await repository.FindRefAsync(Landing, cancellationToken);
        }

        IReadOnlyList<Commit> commits = CommitName.IsWhole(id) ? await repository.FindAsync(id, cancellationToken) is { } one ? [one] : []
            : await repository.FindAllAsync(id, cancellationToken);
        var leading = new List<Commit>();
        foreach (Commit commit in commits)
        {
            if (await repository.ContainsAsync(Landing, commit.Id, cancellationToken))
            {
                leading.Add(commit);
            }
        }

        return leading is [Commit found] ? found : null;
    }

    /// <summary>Moves the repository's own branch. It takes a moment and is not cut off, which would leave a lock.</summary>
    public static async Task MoveAsync(BareRepository repository, string branch, string commit, Func<string, ValueTask> say)
    {
        await repository.KeepAsync(commit);
        ProgramResult moved = await GitProcess.RunAsync(repository.Path, CancellationToken.None, "update-ref", "--end-of-options", BranchName.Heads + branch, commit);
        if (!moved.Ok)
        {
            // The commit is there all the same, and is deployed.
            await say($"The branch '{branch}' of the site's own repository stays where it was: {moved.Reason}");
        }
    }
}

using Nyala.Server.Deploying.Git;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// The files of a commit whose push was reported. The branch is fetched, and the commit is deployed if the branch is at it. Otherwise the deployment is
/// superseded, and the branch's tip is deployed next if necessary.
/// </summary>
/// <param name="parts">The services that fetch.</param>
/// <param name="push">The push.</param>
/// <param name="deployTip">Deploys the branch's tip once this deployment has ended.</param>
internal sealed class PushWebhookSource(FetchServices parts, FetchedPush push, Func<Commit, Task> deployTip) : ISource
{
    private GitSource? _files;

    public Commit? Found { get; private set; }

    public CheckedOutCommit? CheckedOut => _files?.CheckedOut;

    public string Kind => "fetch";

    public bool TakesSpare => true;

    public async Task<string?> FillAsync(string folder, RunOutput output, CancellationToken cancellationToken)
    {
        await output.WriteAsync($"Fetching the branch '{push.Branch}' from {push.Url}.");
        (FetchRoute? route, string reason) = await parts.Routes.FindAsync(push.Url, cancellationToken);
        if (route is null)
        {
            return reason;
        }

        string? lastFetched = await FetchedBranches.LastFetchedAsync(push.Repository, cancellationToken);
        (Commit? tip, reason) = await parts.Fetcher.FetchBranchAsync(route, push.Repository, push.Branch, line => output.WriteAsync(line), cancellationToken);
        if (tip is null)
        {
            return reason;
        }

        BranchFacts facts = await parts.Branches.ReadAsync(push, tip.Id, lastFetched, cancellationToken);
        BranchVerdict verdict = BranchRule.Judge(facts);
        await parts.Branches.RecordTipAsync(push.Site, push.Branch, tip.Id, output);
        if (verdict.By is null)
        {
            Found = tip;
            await RepositoryFetcher.MoveAsync(push.Repository, push.Branch, tip.Id, line => output.WriteAsync(line));
            _files = new GitSource(push.Repository, tip.Id);
            return await _files.FillAsync(folder, output, cancellationToken);
        }

        Found = await push.Repository.FindAsync(push.Commit, cancellationToken);
        bool contained = Found is not null && await push.Repository.ContainsAsync(verdict.By, push.Commit, cancellationToken);
        if (verdict.DeploysTip)
        {
            await deployTip(tip);
        }

        return Superseded.Explain(push, verdict, facts, contained);
    }

    public Task CopyHistoryAsync(string folder, string to, string? branch, CancellationToken cancellationToken) =>
        _files?.CopyHistoryAsync(folder, to, branch, cancellationToken) ?? Task.CompletedTask;
}

/// <summary>A push that was reported, and the repository that its branch is fetched from.</summary>
/// <param name="Site">The site's name.</param>
/// <param name="Repository">The site's repository.</param>
/// <param name="Url">The repository that was pushed to.</param>
/// <param name="Branch">The branch.</param>
/// <param name="Commit">The commit that the branch was moved to.</param>
internal sealed record FetchedPush(string Site, BareRepository Repository, RepositoryUrl Url, string Branch, string Commit);

/// <summary>Explains to people that a push is superseded. Pure.</summary>
internal static class Superseded
{
    /// <param name="push">The push.</param>
    /// <param name="verdict">What supersedes the push.</param>
    /// <param name="facts">The facts that led to the verdict.</param>
    /// <param name="contained">
    /// Whether the pushed commit is an ancestor of the commit that supersedes it; null if that is not known, because a commit has not been fetched yet.
    /// </param>
    public static string Explain(FetchedPush push, BranchVerdict verdict, BranchFacts facts, bool? contained)
    {
        if (verdict.By != facts.Tip)
        {
            return $"Superseded: the site runs {verdict.By}, which contains {push.Commit} and was not deployed from this branch. The branch '{push.Branch}' of {push.Url} is behind it, at {facts.Tip}.";
        }

        string next = verdict.DeploysTip ? $"{facts.Tip} is deployed instead."
            : facts.TipRun == TipRun.Unfinished ? $"{facts.Tip} is being deployed."
            : $"{facts.Tip} was already deployed.";
        return contained switch
        {
            true => $"Superseded: the branch '{push.Branch}' of {push.Url} is at {facts.Tip}, which contains {push.Commit}. {next}",
            false => $"Superseded: the branch '{push.Branch}' of {push.Url} is at {facts.Tip} and no longer contains {push.Commit}. {next}",
            null => $"Superseded: the branch '{push.Branch}' of {push.Url} is at {facts.Tip}, not at {push.Commit}. {next}",
        };
    }
}

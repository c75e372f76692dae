using Nyala.Client;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>Collects the facts for <see cref="BranchRule"/> from the store and the site's repository.</summary>
internal sealed class FetchedBranches(IStore store, TimeProvider clock)
{
    private const int KeptTips = 1000;

    /// <summary>Returns the facts of a branch whose tip is known. The tip itself may not be in the repository yet.</summary>
    /// <param name="push">The push.</param>
    /// <param name="tip">The commit that the push's branch is at.</param>
    /// <param name="lastFetched">The commit that was fetched before, see <see cref="LastFetchedAsync"/>.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<BranchFacts> ReadAsync(FetchedPush push, string tip, string? lastFetched, CancellationToken cancellationToken)
    {
        (string site, BareRepository repository, string branch) = (push.Site, push.Repository, push.Branch);
        (string? before, string? live, bool liveWasTip, RunRecord? run) = await store.ReadAsync(
            tables =>
            {
                string? live = tables.Runs.Active(site) is { Performed: true } active && active.Branch == branch && CommitName.IsWhole(active.Deployment) ? active.Deployment : null;
                return (tables.PushWebhooks.Tip(site, branch), live, live is not null && tables.PushWebhooks.WasTip(site, branch, live), tables.Runs.FindLatest(site, tip));
            },
            cancellationToken);
        if (before is null)
        {
            before = lastFetched;
            liveWasTip = lastFetched is not null && lastFetched == live;
        }

        return new BranchFacts
        {
            Pushed = push.Commit,
            Tip = tip,
            Before = before,
            TipContainsBefore = before is not null && await repository.ContainsAsync(tip, before, cancellationToken),
            Live = live,
            LiveWasTip = liveWasTip,
            LiveContainsTip = live is not null && await repository.ContainsAsync(live, tip, cancellationToken),
            TipRun = run is not { Performed: true } ? TipRun.None
                : run.Ended is null ? TipRun.Unfinished
                : run.Status == DeploymentStatus.Success ? TipRun.Succeeded : TipRun.Failed,
        };
    }

    /// <summary>
    /// Returns the commit that was fetched last, from whatever branch; call it before the next fetch. It stands in for the branch's recorded tip if the branch
    /// was fetched before tips were recorded.
    /// </summary>
    public static async Task<string?> LastFetchedAsync(BareRepository repository, CancellationToken cancellationToken) =>
        (await repository.FindAsync(RepositoryFetcher.FetchedRef, cancellationToken))?.Id;

    /// <summary>Records where a branch was. A store that cannot write does not fail the deployment.</summary>
    public async Task RecordTipAsync(string site, string branch, string tip, RunOutput output)
    {
        try
        {
            await store.WriteAsync(tables =>
            {
                tables.PushWebhooks.SetTip(site, branch, tip, clock.GetUtcNow(), KeptTips);
                return true;
            });
        }
        catch (StoreUnavailableException error)
        {
            await output.WriteAsync($"The tip of the branch could not be stored: {error.Message}", LogEntryType.Warning);
        }
    }
}

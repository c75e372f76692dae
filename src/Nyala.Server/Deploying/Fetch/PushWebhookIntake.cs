using Nyala.Client;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Sources;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// Accepts reports of pushes. If the commit was never deployed here, its report is accepted at once, and its deployment determines where the branch is. A
/// report of a known commit is late, repeated, or moves the branch back, so the repository is asked first: otherwise a late report could mark as failed what
/// the site runs.
/// </summary>
internal sealed class PushWebhookIntake(IStore store, FetchServices parts, FetchQueue queue, PushWebhookDeliveries deliveries, Shutdown shutdown, TimeProvider clock)
{
    /// <summary>The maximum time to ask the repository. GitHub waits ten seconds for the response to its hook.</summary>
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(6);

    /// <summary>Accepts a report, or returns why not.</summary>
    /// <param name="order">The deployment of the pushed commit, without its source.</param>
    /// <param name="push">The push.</param>
    /// <param name="payload">The report.</param>
    /// <param name="arrival">A number that grows from request to request, in the order in which they began.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="StoreUnavailableException">The store cannot write. The push may have been accepted, but its delivery is not remembered.</exception>
    public Task<FetchVerdict> TakeAsync(DeployOrder order, FetchedPush push, PushPayload payload, long arrival, CancellationToken cancellationToken) =>
        deliveries.OnceAsync(push.Site, payload, () => JudgeAsync(order, push, arrival, cancellationToken), cancellationToken);

    private async Task<FetchVerdict> JudgeAsync(DeployOrder order, FetchedPush push, long arrival, CancellationToken cancellationToken)
    {
        DeployOrder own = WithSource(order, push, arrival);
        (RunRecord? run, string? before) = await store.ReadAsync(
            tables => (tables.Runs.FindLatest(push.Site, push.Commit), tables.PushWebhooks.Tip(push.Site, push.Branch)), cancellationToken);
        if (run is not { Performed: true })
        {
            return await queue.TakeAsync(own, arrival);
        }

        bool isKnownTip = before == push.Commit && run.Status != DeploymentStatus.Failed;
        if (isKnownTip && run.Ended is null)
        {
            return new FetchVerdict.Superseded($"{push.Commit} is already being deployed by run {run.Number}.", Taken: null);
        }

        if (await AskAsync(push) is not { } tip || tip == push.Commit)
        {
            return isKnownTip
                ? new FetchVerdict.Superseded(
                    $"{push.Commit} was already deployed by run {run.Number}, and no newer commit of the branch '{push.Branch}' is known. To deploy it again, run `nyala deployments redeploy {push.Commit} --site {push.Site}`.",
                    Taken: null)
                : await queue.TakeAsync(own, arrival);
        }

        string? lastFetched = await FetchedBranches.LastFetchedAsync(push.Repository, cancellationToken);
        BranchFacts facts = await parts.Branches.ReadAsync(push, tip, lastFetched, cancellationToken);
        BranchVerdict verdict = BranchRule.Judge(facts);
        bool? contained = await push.Repository.FindAsync(verdict.By!, cancellationToken) is null ? null : await push.Repository.ContainsAsync(verdict.By!, push.Commit, cancellationToken);
        FetchVerdict? taken = verdict.DeploysTip ? await queue.TakeAsync(OfTip(order, push, new Commit(tip, order.Author, order.AuthorEmail, ""), arrival), arrival) : null;
        return new FetchVerdict.Superseded(Superseded.Explain(push, verdict, facts, contained), taken?.Run);
    }

    /// <summary>Returns the commit that the branch is at; null if that cannot be determined now, in which case the deployment reports why.</summary>
    private async Task<string?> AskAsync(FetchedPush push)
    {
        // The request does not cancel this: the report counts even if its sender disconnects.
        using var limit = new CancellationTokenSource(AskLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, shutdown.Stopping);
        try
        {
            (FetchRoute? route, _) = await parts.Routes.FindAsync(push.Url, either.Token);
            return route is null ? null : (await parts.Fetcher.LocateAsync(route, push.Branch, either.Token)).Commit;
        }
        catch (OperationCanceledException) when (!shutdown.Stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    private DeployOrder WithSource(DeployOrder order, FetchedPush push, long arrival) =>
        order with { Deployment = push.Commit, Source = new PushWebhookSource(parts, push, tip => queue.FollowAsync(OfTip(order, push, tip, arrival), arrival)) };

    /// <summary>Returns the deployment of the branch's tip instead of the pushed commit.</summary>
    private DeployOrder OfTip(DeployOrder order, FetchedPush push, Commit tip, long arrival)
    {
        string message = tip.Message.Length > 0 ? tip.Message : $"Fetch from {push.Url}";
        DeployOrder next = order with { Author = tip.Author, AuthorEmail = tip.AuthorEmail, Message = message };
        return WithSource(next, push with { Commit = tip.Id }, arrival);
    }
}

using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// Holds the pushes that arrive while their site is being deployed. Only one waits at each site: the newest, because it contains what the earlier ones did. It
/// is recorded as pending before its sender gets a response. If it is replaced, or if the server stops first, it ends as failed with the reason. The newest is
/// the one whose request began last, in whatever order the requests get here.
/// </summary>
internal sealed class FetchQueue(SiteGate gate, Deployer deployer, OrderProgress progress, IdSource ids, Shutdown shutdown, ILogger<FetchQueue> logger)
{
    private const string StoppedReason = "The server was stopped before the deployment started.";

    private readonly Dictionary<string, Waiting> _waiting = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();

    /// <summary>Begins the deployment, or lets it wait for its turn. The task completes when either is durable.</summary>
    /// <param name="order">The deployment.</param>
    /// <param name="arrival">A number that grows from request to request.</param>
    /// <exception cref="StoreUnavailableException">The store cannot write. The deployment was not accepted.</exception>
    public async Task<FetchVerdict> TakeAsync(DeployOrder order, long arrival)
    {
        if (!IsAnyWaiting(order.Site) && gate.TryEnter(order.Site) is { } pass)
        {
            return new FetchVerdict.Started(await deployer.BeginAsync(order, pass));
        }

        return new FetchVerdict.Queued(await WaitAsync(order, arrival));
    }

    /// <summary>
    /// Lets the deployment of a branch's tip wait until the deployment that found the tip has ended. Does nothing if another deployment waits already, because
    /// that one determines itself where the branch is.
    /// </summary>
    /// <param name="order">The deployment.</param>
    /// <param name="arrival">The number of the request that led to it.</param>
    public async Task FollowAsync(DeployOrder order, long arrival)
    {
        if (IsAnyWaiting(order.Site))
        {
            return;
        }

        try
        {
            await WaitAsync(order, arrival);
        }
        catch (StoreUnavailableException error)
        {
            FetchLog.NotBegun(logger, error, order.Site, order.Deployment);
        }
    }

    /// <summary>Removes a waiting deployment from the queue and ends it as failed; returns null if it does not wait.</summary>
    /// <exception cref="Exception">Its end could not be recorded. It keeps waiting, unless a newer one has taken its place.</exception>
    public async Task<RunRecord?> WithdrawAsync(RunRecord run, Actor actor)
    {
        Waiting? waiting;
        lock (_lock)
        {
            if (!_waiting.TryGetValue(run.Site, out waiting) || waiting.Order.Key != run.Key)
            {
                return null;
            }

            _waiting.Remove(run.Site);
        }

        try
        {
            return await progress.RecordFailureAsync(waiting.Order, $"Canceled by {actor.Name} before it started.", actor);
        }
        catch
        {
            await PutAsync(waiting);
            throw;
        }
    }

    private async Task<RunRecord> WaitAsync(DeployOrder order, long arrival)
    {
        order = order with { Key = $"waited-{ids.Next()}" };
        RunRecord run = await progress.RecordQueuedAsync(order);
        await PutAsync(new Waiting(order, arrival));
        return run;
    }

    /// <summary>Begins the waiting deployment of a site as soon as the site is free. One task does so for each site with a waiting deployment.</summary>
    private async Task<bool> ServeAsync(string site)
    {
        while (true)
        {
            try
            {
                await gate.ReleasedAsync(site).WaitAsync(shutdown.Stopping);
            }
            catch (OperationCanceledException)
            {
                if (Take(site) is { } order)
                {
                    await EndAsync(order, StoppedReason);
                }

                return false;
            }

            // A git push may have been faster.
            if (gate.TryEnter(site) is { } pass)
            {
                if (Take(site) is { } next)
                {
                    return await BeginAsync(next, pass);
                }

                // The waiting deployment was canceled.
                pass.Dispose();
                return false;
            }
        }
    }

    private async Task<bool> BeginAsync(DeployOrder order, SiteGate.Pass pass)
    {
        try
        {
            await deployer.BeginAsync(order, pass);
            return true;
        }
        catch (StoreUnavailableException error)
        {
            FetchLog.NotBegun(logger, error, order.Site, order.Deployment);
            await EndAsync(order, "The start of the deployment could not be stored.");
            return false;
        }
#pragma warning disable CA1031 // Nothing else would end the run: it would be pending forever.
        catch (Exception error)
#pragma warning restore CA1031
        {
            DeployingLog.Failed(logger, error, order.Site, order.Deployment);
            await EndAsync(order, Deployer.Fault);
            return false;
        }
    }

    private bool IsAnyWaiting(string site)
    {
        lock (_lock)
        {
            return _waiting.ContainsKey(site);
        }
    }

    /// <summary>Lets a deployment wait, unless a newer one waits. The older of the two ends as failed.</summary>
    private async Task PutAsync(Waiting waiting)
    {
        (DeployOrder newest, DeployOrder? replaced) = Put(waiting);
        if (replaced is null)
        {
            _ = shutdown.Track(Task.Run(() => ServeAsync(newest.Site), CancellationToken.None));
        }
        else
        {
            await EndAsync(replaced, $"Superseded before it started: the push of {newest.Deployment} was reported later, and deploys the tip that the branch has when it starts.");
        }
    }

    /// <summary>Keeps the newer of two deployments: this one, and the one that waits already.</summary>
    private (DeployOrder Newest, DeployOrder? Replaced) Put(Waiting put)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(put.Order.Site, out Waiting? before))
            {
                _waiting[put.Order.Site] = put;
                return (put.Order, null);
            }

            if (before.Arrival > put.Arrival)
            {
                return (before.Order, put.Order);
            }

            _waiting[put.Order.Site] = put;
            return (put.Order, before.Order);
        }
    }

    private DeployOrder? Take(string site)
    {
        lock (_lock)
        {
            _waiting.Remove(site, out Waiting? waiting);
            return waiting?.Order;
        }
    }

    private async Task EndAsync(DeployOrder order, string reason)
    {
        try
        {
            await progress.RecordFailureAsync(order, reason);
        }
#pragma warning disable CA1031 // The next deployment must get its turn anyway.
        catch (Exception error)
#pragma warning restore CA1031
        {
            // The next start finds the run unfinished and ends it as failed.
            FetchLog.NotEnded(logger, error, order.Site, order.Deployment);
        }
    }

    private sealed record Waiting(DeployOrder Order, long Arrival);
}

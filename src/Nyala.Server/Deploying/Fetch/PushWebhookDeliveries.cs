using System.Collections.Concurrent;
using Nyala.Server.Sources;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// Accepts each delivery of a push hook once at a site, by the id that its sender gives it: GitHub's "Redeliver" and the retries of others send the same id
/// again. A delivery that was refused, or was cut off by a stop of the server, may come again.
/// </summary>
internal sealed class PushWebhookDeliveries(IStore store, TimeProvider clock)
{
    /// <summary>The number of deliveries that are remembered for each site.</summary>
    public const int Kept = 1000;

    private readonly ConcurrentDictionary<(string Site, string Delivery), Task> _open = [];

    /// <summary>Accepts a delivery, or returns the run that it led to before. If the same delivery is being accepted at this moment, waits for that.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot write. The delivery may have been accepted, but is not remembered.</exception>
    public async Task<FetchVerdict> OnceAsync(string site, PushPayload payload, Func<Task<FetchVerdict>> accept, CancellationToken cancellationToken)
    {
        if (payload.Delivery is not { } delivery)
        {
            return await accept();
        }

        (string, string) key = (site, delivery);
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_open.GetOrAdd(key, mine.Task) is var open && open != mine.Task)
        {
            await open.WaitAsync(cancellationToken);
        }

        try
        {
            // A sender may use one id for the pushes of several commits, as GitLab does for hooks that trigger one another.
            if (await FindAsync(site, delivery, cancellationToken) is ({ } before, { } run) && before.Commit == payload.Commit)
            {
                return new FetchVerdict.Duplicate(before, run);
            }

            FetchVerdict verdict = await accept();
            if (verdict.Run is { } begun)
            {
                await store.WriteAsync(tables =>
                {
                    tables.PushWebhooks.Put(new PushWebhookRecord(site, delivery, payload.Commit!, begun.Deployment, begun.Number, clock.GetUtcNow()), Kept);
                    return true;
                });
            }

            return verdict;
        }
        finally
        {
            _open.TryRemove(key, out _);
            mine.SetResult();
        }
    }

    private Task<(PushWebhookRecord? Push, RunRecord? Run)> FindAsync(string site, string delivery, CancellationToken cancellationToken) => store.ReadAsync(
        tables => tables.PushWebhooks.Find(site, delivery) is { } push ? (push, tables.Runs.FindByNumber(push.Site, push.Deployment, push.Run)) : (null, null),
        cancellationToken);
}

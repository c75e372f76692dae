using Nyala.Server.Events;
using Nyala.Server.Hooks;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// Fails deliveries that were held for too long, and deletes old entries, such as deliveries that ended long ago, with their attempts and events. It works in
/// small batches between other writes, so that deliveries never wait for it. Unfinished entries are never deleted.
/// </summary>
internal sealed class Pruner(IStore store, DeliveryOptions options, TimeProvider clock, ILogger<Pruner> logger)
    : PeriodicService(TimeSpan.FromMinutes(10), clock, atStart: true)
{
    private const int Batch = 200;
    private const int LogBatch = 2000;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset now = Clock.GetUtcNow();
        DateTimeOffset old = now - options.Retention;
        await RepeatAsync(tables => tables.Queue.Expire(now - options.Life, now, Verdict.ExpiredReason, Batch), stoppingToken);
        await WalkAsync((tables, after) => tables.Deliveries.Prune(old, after, Batch), stoppingToken);
        await WalkAsync((tables, after) => tables.Events.Prune(old, after, Batch), stoppingToken);
        await RepeatAsync(tables => tables.Log.PruneRemoved(LogBatch), stoppingToken, LogBatch);
        await RepeatAsync(tables => tables.Redeliveries.Prune(old, Batch), stoppingToken);
        await RepeatAsync(tables => tables.Hooks.PruneGone(now - LifecycleRule.Restorable, Batch), stoppingToken);
        await RepeatAsync(tables => tables.IdempotencyKeys.Prune(now - IdempotencyKey.Life, Batch), stoppingToken);
    }

    protected override void Failed(Exception error) => DeliveryLog.PruneFailed(logger, error);

    private async Task RepeatAsync(Func<ITables, int> batch, CancellationToken stoppingToken, int full = Batch)
    {
        while (await store.WriteAsync(batch) == full)
        {
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Goes once through the old end of a table. Each batch continues after the last one, so entries that must stay are examined once.</summary>
    private async Task WalkAsync(Func<ITables, long, long?> batch, CancellationToken stoppingToken)
    {
        for (long? after = 0; after is { } from;)
        {
            after = await store.WriteAsync(tables => batch(tables, from));
            stoppingToken.ThrowIfCancellationRequested();
        }
    }
}

using Nyala.Server.Delivery;
using Nyala.Server.Events;
using Nyala.Server.Storage;

namespace Nyala.Server.History;

/// <summary>
/// Performs bulk redeliveries, one bounded batch after another. The transaction that requeues a batch also stores the progress, so that a restart, or
/// another node, repeats nothing and skips nothing.
/// </summary>
internal sealed class BulkRedeliveryWorker(IStore store, IDispatcher dispatcher, Breaker breaker, TimeProvider clock, ILogger<BulkRedeliveryWorker> logger)
    : BackgroundService
{
    public const int Batch = 200;

    private static readonly TimeSpan TroubleWait = TimeSpan.FromSeconds(5);

    private readonly AsyncSignal _signal = new();

    /// <summary>Signals that there is a new bulk redelivery.</summary>
    public void Wake() => _signal.Set();

    /// <summary>Requeues the next batch of a redelivery.</summary>
    /// <returns>Whether a delivery was requeued.</returns>
    public static bool Step(ITables tables, long id, DateTimeOffset now)
    {
        if (tables.Redeliveries.Find(id) is not { Ended: null } redelivery)
        {
            return false;
        }

        if (tables.Hooks.Find(redelivery.Hook) is null or { State: HookState.Gone })
        {
            tables.Redeliveries.End(id, "The hook is gone or was removed.", now);
            return false;
        }

        IReadOnlyList<long> batch = tables.Deliveries.Ended(
            redelivery.Hook, redelivery.State, new Period(redelivery.Since, redelivery.Until), redelivery.Cursor, Batch);
        foreach (long delivery in batch)
        {
            tables.Queue.Requeue(delivery, now);
        }

        if (batch.Count > 0)
        {
            tables.Redeliveries.Advance(id, batch[^1], redelivery.Done + batch.Count);
        }

        if (batch.Count < Batch)
        {
            tables.Redeliveries.End(id, null, now);
        }

        return batch.Count > 0;
    }

    /// <summary>Requeues the next batch. If it is the first batch and is not empty, an open breaker also lets a probe through at once.</summary>
    private bool StepAndProbe(ITables tables, RedeliveryRecord redelivery)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (!Step(tables, redelivery.Id, now))
        {
            return false;
        }

        if (redelivery.Done == 0 && tables.Hooks.Find(redelivery.Hook) is { } hook)
        {
            SingleRedelivery.Probe(tables, breaker, hook, now);
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                stoppingToken.ThrowIfCancellationRequested();
                if (!await StepAllAsync(stoppingToken))
                {
                    await _signal.WaitAsync().AsTask().WaitAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping. Its next start continues.
        }
    }

    /// <summary>Requeues the next batch of each open redelivery. Returns false if none is open.</summary>
    private async Task<bool> StepAllAsync(CancellationToken stoppingToken)
    {
        try
        {
            IReadOnlyList<RedeliveryRecord> open = await store.ReadAsync(tables => tables.Redeliveries.Open(), stoppingToken);
            foreach (RedeliveryRecord redelivery in open)
            {
                stoppingToken.ThrowIfCancellationRequested();
                if (await store.WriteAsync(tables => StepAndProbe(tables, redelivery)))
                {
                    await dispatcher.ChangedAsync(redelivery.Hook);
                    dispatcher.Wake(redelivery.Hook);
                }
            }

            return open.Count > 0;
        }
        catch (Exception error) when (error is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            RedeliveryLog.Troubled(logger, error);
            await Task.Delay(TroubleWait, clock, stoppingToken);
            return true;
        }
    }
}

using System.Threading.Channels;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// Writes outcomes in batches. Outcomes that arrive during a commit share the next one. An outcome is held until it is on disk, however long the disk is full,
/// because an attempt cannot be undone.
/// </summary>
internal sealed class OutcomeWriter(
    IStore store, FirstAttempts firstAttempts, HeldOutcomes held, Breaker breaker, Disabler disabler, TimeProvider clock, ILogger<OutcomeWriter> logger) : BackgroundService
{
    private const int MaxBatch = 1024;

    private static readonly TimeSpan StoreRetryWait = TimeSpan.FromSeconds(1);

    private readonly Channel<LaneOutcome> _queue = Channel.CreateUnbounded<LaneOutcome>(new UnboundedChannelOptions { SingleReader = true });

    public void Write(LaneOutcome outcome)
    {
        held.Add(outcome);
        _queue.Writer.TryWrite(outcome);
    }

    /// <summary>Stops once every queued outcome is written, or the time-out has passed. The lanes have already stopped.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        try
        {
            await (ExecuteTask?.WaitAsync(cancellationToken) ?? Task.CompletedTask);
        }
        catch (OperationCanceledException)
        {
            // The deliveries of outcomes that were not written are still pending.
            if (held.Count > 0)
            {
                DeliveryLog.OutcomesLeft(logger, held.Count);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<LaneOutcome>(MaxBatch);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out LaneOutcome? outcome))
            {
                batch.Add(outcome);
            }

            try
            {
                await WriteBatchAsync(batch);
            }
            catch (Exception error)
            {
                // A failed batch must not end the loop that all lanes use.
                DeliveryLog.OutcomesNotHandled(logger, error, batch.Count);
            }

            held.Remove(batch);
            batch.Clear();
        }
    }

    /// <summary>
    /// Writes a batch. If the batch cannot be stored, writes each outcome separately, so that one bad outcome does not affect the others. If that fails too,
    /// writes the outcome without its attempt, so that its delivery is not sent forever.
    /// </summary>
    private async Task WriteBatchAsync(IReadOnlyList<LaneOutcome> batch, bool withAttempts = true)
    {
        (HashSet<Lane>? fenced, Exception? refused) = await TryWriteAsync(batch, withAttempts);
        if (fenced is not null)
        {
            // The follow-up is separate from the write, so that its failure writes nothing twice.
            Report(batch, fenced);
            await DisableAsync(batch);
            return;
        }

        if (batch.Count > 1)
        {
            foreach (LaneOutcome outcome in batch)
            {
                await WriteBatchAsync([outcome]);
            }
        }
        else if (withAttempts)
        {
            DeliveryLog.AttemptLost(logger, refused!, batch[0].Delivery.Id);
            await WriteBatchAsync(batch, withAttempts: false);
        }
        else
        {
            // The lane still holds the delivery, so it is not sent again before the next start.
            DeliveryLog.OutcomeLost(logger, refused!, batch[0].Delivery.Id);
        }
    }

    /// <summary>Writes a batch, and waits for as long as the store cannot be written.</summary>
    /// <returns>The lanes whose outcomes were not written because they are not the newest; or null and the reason, if the store will never accept this
    /// batch.</returns>
    private async Task<(HashSet<Lane>? Fenced, Exception? Refused)> TryWriteAsync(IReadOnlyList<LaneOutcome> batch, bool withAttempts)
    {
        while (true)
        {
            try
            {
                IReadOnlySet<LaneId> fenced = await store.SettleAsync([.. batch.Select(outcome => OutcomeRows.Of(outcome, withAttempts))]);
                return (fenced.Count == 0 ? [] : [.. batch.Where(outcome => fenced.Contains(new LaneId(outcome.Hook, outcome.Epoch))).Select(outcome => outcome.Lane)], null);
            }
            catch (StoreUnavailableException error)
            {
                DeliveryLog.OutcomesHeld(logger, batch.Count, error.Message);
                await Task.Delay(StoreRetryWait, clock, CancellationToken.None);
            }
            catch (Exception error)
            {
                return (null, error);
            }
        }
    }

    private async Task DisableAsync(IReadOnlyList<LaneOutcome> batch)
    {
        DateTimeOffset now = clock.GetUtcNow();
        foreach (long hook in batch.Where(outcome => breaker.ShouldDisable(outcome.Health, now)).Select(outcome => outcome.Hook).Distinct())
        {
            await disabler.DisableAsync(hook);
        }
    }

    private void Report(IReadOnlyList<LaneOutcome> batch, HashSet<Lane> fenced)
    {
        foreach (LaneOutcome outcome in batch)
        {
            try
            {
                outcome.Lane.Written(outcome.Delivery.Id, outcome.Verdict);
            }
            catch (Exception error)
            {
                DeliveryLog.OutcomeNotTold(logger, error, outcome.Delivery.Id);
            }
        }

        // The lanes are notified first, so that a waiting publisher gets its response only once nothing more is sent to a hook that is gone.
        firstAttempts.Settle([.. batch.Select(outcome => (outcome.Delivery.Event, outcome.Delivery.Id))]);
        foreach (Lane lane in fenced)
        {
            lane.Fence();
        }
    }
}

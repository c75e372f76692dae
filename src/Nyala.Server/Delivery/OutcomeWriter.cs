using System.Threading.Channels;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// Writes outcomes in batches: those that come while a commit is on its way share the next one. An outcome is held until
/// it is on disk, however long the disk is full, since the attempt cannot be taken back.
/// </summary>
internal sealed class OutcomeWriter(
    IStore store, FirstAttempts firstAttempts, HeldOutcomes held, Breaker breaker, Disabler disabler, TimeProvider clock, ILogger<OutcomeWriter> logger) : BackgroundService
{
    private const int MaxBatch = 1024;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Channel<LaneOutcome> _queue = Channel.CreateUnbounded<LaneOutcome>(new UnboundedChannelOptions { SingleReader = true });

    public void Write(LaneOutcome outcome)
    {
        held.Add(outcome);
        _queue.Writer.TryWrite(outcome);
    }

    /// <summary>Ends once what is queued is written, or cannot be in time. The lanes have stopped by then.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        try
        {
            await (ExecuteTask?.WaitAsync(cancellationToken) ?? Task.CompletedTask);
        }
        catch (OperationCanceledException)
        {
            // Their deliveries are pending still.
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

            await WriteBatchAsync(batch);
            held.Remove(batch);
            batch.Clear();
        }
    }

    /// <summary>
    /// Writes a batch. Where one of it cannot be stored as it is, the others must not suffer, and its delivery must not be
    /// sent for ever: then each is written by itself, at last without the record of its attempt.
    /// </summary>
    private async Task WriteBatchAsync(IReadOnlyList<LaneOutcome> batch, bool withAttempts = true)
    {
        Exception? refused = await TryWriteAsync(batch, withAttempts);
        if (refused is null)
        {
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
            DeliveryLog.AttemptLost(logger, refused, batch[0].Delivery.Id);
            await WriteBatchAsync(batch, withAttempts: false);
        }
        else
        {
            // Its lane keeps it as known, so it is not sent again before the next start.
            DeliveryLog.OutcomeLost(logger, refused, batch[0].Delivery.Id);
        }
    }

    /// <summary>Writes, and waits for as long as the store cannot.</summary>
    /// <returns>Why the store will never take this batch; null where it did.</returns>
    private async Task<Exception?> TryWriteAsync(IReadOnlyList<LaneOutcome> batch, bool withAttempts)
    {
        while (true)
        {
            try
            {
                HashSet<Lane> fenced = await store.WriteAsync(tables => OutcomeRecord.Write(tables, batch, withAttempts));
                Tell(batch, fenced);
                await DisableAsync(batch);
                return null;
            }
            catch (StoreUnavailableException error)
            {
                DeliveryLog.OutcomesHeld(logger, batch.Count, error.Message);
                await Task.Delay(RetryAfter, clock, CancellationToken.None);
            }
            catch (Exception error)
            {
                return error;
            }
        }
    }

    private async Task DisableAsync(IReadOnlyList<LaneOutcome> batch)
    {
        DateTimeOffset now = clock.GetUtcNow();
        foreach (long hook in batch.Where(outcome => breaker.GivesUp(outcome.Health, now)).Select(outcome => outcome.Hook).Distinct())
        {
            await disabler.DisableAsync(hook);
        }
    }

    private void Tell(IReadOnlyList<LaneOutcome> batch, HashSet<Lane> fenced)
    {
        foreach (LaneOutcome outcome in batch)
        {
            firstAttempts.Settle(outcome.Delivery.Event, outcome.Delivery.Id);
            outcome.Lane.Written(outcome.Delivery.Id, outcome.Verdict);
        }

        foreach (Lane lane in fenced)
        {
            lane.Fence();
        }
    }
}

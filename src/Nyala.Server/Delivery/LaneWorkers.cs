using System.Diagnostics.CodeAnalysis;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// The workers of a lane. Each takes deliveries one by one, attempts them, and passes their outcomes to the writer. A worker that fails frees
/// its slot, and its delivery is retried after a while as a fault of the server.
/// </summary>
/// <param name="lane">The lane.</param>
/// <param name="hook">The lane's hook.</param>
/// <param name="parts">The services that all lanes share.</param>
/// <param name="backlog">The backlog.</param>
/// <param name="gate">Decides how many workers there may be.</param>
/// <param name="hardStop">Cuts off the attempts in flight.</param>
internal sealed class LaneWorkers(Lane lane, long hook, LaneParts parts, Backlog backlog, LaneGate gate, CancellationToken hardStop)
{
    private readonly AttemptSlots.Share _slots = new();

    /// <summary>Starts as many workers as there are deliveries for, within the limit.</summary>
    public void AddWorkers(int limit)
    {
        for (int added = backlog.AddWorkers(limit); added > 0; added--)
        {
            _ = Task.Run(WorkSafelyAsync, CancellationToken.None);
        }
    }

    private async Task WorkSafelyAsync()
    {
        try
        {
            await WorkAsync();
        }
        catch (Exception error)
        {
            // The worker had not taken a delivery.
            DeliveryLog.LaneTroubled(parts.Logger, error, hook);
            backlog.RemoveWorker();
            lane.RestAfterTrouble();
        }

        lane.WorkerLeft();
    }

    private async Task WorkAsync()
    {
        while (TryTake(out LaneJob? job))
        {
            await WorkAsync(job);
        }
    }

    private bool TryTake([NotNullWhen(true)] out LaneJob? job)
    {
        bool taken = gate.TryStart(backlog, parts.Clock.GetUtcNow(), out job, out bool callLoop);
        if (callLoop)
        {
            lane.Signal();
        }

        return taken;
    }

    private async Task WorkAsync(LaneJob job)
    {
        DueDelivery delivery = job.Delivery;
        try
        {
            if (parts.Clock.GetUtcNow() is var now && now >= delivery.Begun + parts.Options.Life)
            {
                parts.Outcomes.Write(new LaneOutcome(lane, hook, lane.Epoch, delivery, null, Verdict.Expired(now), default));
            }
            else if (await AttemptAsync(job) is { } made)
            {
                Settle(job, made.Outcome, made.Rendered, parts.Random.NextDouble());
            }
            else
            {
                backlog.GiveBack(delivery.Id);
                if (lane.IsEnding)
                {
                    parts.FirstAttempts.Settle([(delivery.Event, delivery.Id)]);
                }

                lane.Signal();
            }
        }
        catch (OperationCanceledException) when (hardStop.IsCancellationRequested)
        {
            // The stop cut off the attempt. The delivery is still pending, and is sent at the next start.
        }
        catch (Exception error)
        {
            Recover(job, error);
        }
    }

    /// <summary>Renders the event if it is not stored as it was sent, and makes the attempt. Returns null if the hook changed before it started.</summary>
    private async Task<(AttemptOutcome Outcome, RenderedBody? Rendered)?> AttemptAsync(LaneJob job)
    {
        DueDelivery delivery = job.Delivery;
        bool first = delivery.Spent == 0;
        await parts.Held.RoomAsync(hardStop);
        await parts.Slots.TakeAsync(_slots, first, hardStop);
        try
        {
            if (job.Target.IsWithdrawn)
            {
                return null;
            }

            var content = AttemptContent.Of(delivery, job.Target);
            var attempt = new Attempt(job.Target, WebhookId.Of(delivery.Id), delivery.Type, delivery.AttemptNumber, content.Sent)
            {
                Trace = delivery.Trace,
                Chain = delivery.Chain == 0 ? null : delivery.Chain,
            };
            return await Sender.SendAsync(attempt, hardStop) is { } outcome ? (outcome, content.New) : null;
        }
        finally
        {
            parts.Slots.Return(_slots, first);
        }
    }

    private void Settle(LaneJob job, AttemptOutcome outcome, RenderedBody? rendered, double chance)
    {
        DueDelivery delivery = job.Delivery;
        DateTimeOffset ended = parts.Clock.GetUtcNow();
        bool ordered = gate.Ordered;
        Verdict verdict = Verdict.Judge(outcome, delivery, ordered, ended, parts.Schedule, parts.Options.Life, chance);
        if (ordered && verdict.State == DeliveryState.Pending)
        {
            // The delivery is still first in the queue. Deliveries that were read after it must not overtake it.
            backlog.PutBack();
        }

        GateChange change = gate.Note(
            outcome, verdict, job.Probe, ended, health => parts.Outcomes.Write(new LaneOutcome(lane, hook, lane.Epoch, delivery, outcome, verdict, health, rendered)));
        if (change == GateChange.BreakerClosed)
        {
            lane.Signal();
        }

        Report(delivery, outcome, verdict, change);
    }

    /// <summary>Logs and measures an attempt. A failure here does not affect the outcome.</summary>
    private void Report(DueDelivery delivery, AttemptOutcome outcome, Verdict verdict, GateChange change)
    {
        try
        {
            DeliveryLog.Attempted(parts.Logger, outcome, delivery, hook, verdict);
            parts.Instruments.Attempted(outcome, delivery, verdict.State);
            if (change == GateChange.BreakerOpened)
            {
                parts.Instruments.BreakerOpened();
            }
        }
        catch (Exception error)
        {
            DeliveryLog.AttemptNotTold(parts.Logger, error, delivery.Id);
        }
    }

    /// <summary>Keeps a delivery whose worker failed. It is retried after a while, without using up its schedule.</summary>
    private void Recover(LaneJob job, Exception error)
    {
        DeliveryLog.WorkerFailed(parts.Logger, error, job.Delivery.Id, hook);
        try
        {
            const double NoJitter = 0.5;
            Settle(
                job,
                AttemptOutcome.OurFault(parts.Clock.GetUtcNow(), $"The server failed to make the attempt: {error.GetType().Name}."),
                rendered: null,
                NoJitter);
        }
        catch (Exception again)
        {
            DeliveryLog.WorkerFailed(parts.Logger, again, job.Delivery.Id, hook);
            backlog.GiveBack(job.Delivery.Id);
            lane.RestAfterTrouble();
        }
    }
}

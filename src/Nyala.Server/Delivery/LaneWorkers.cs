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
        try
        {
            if (WithoutExpired(job) is not { } live)
            {
                return;
            }

            job = live;
            if (await AttemptAsync(job) is { } made)
            {
                Settle(job, made, parts.Random.NextDouble());
            }
            else
            {
                GiveBack(job);
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

    /// <summary>Ends the deliveries of a job that have expired. Returns the job with the others; null if there are none.</summary>
    private LaneJob? WithoutExpired(LaneJob job)
    {
        DateTimeOffset now = parts.Clock.GetUtcNow();
        if (!IsExpired(job.Delivery) && (job.More.Count == 0 || !job.More.Any(IsExpired)))
        {
            return job;
        }

        foreach (DueDelivery expired in job.All.Where(IsExpired))
        {
            parts.Outcomes.Write(new LaneOutcome(lane, hook, lane.Epoch, expired, null, Verdict.Expired(now), default));
        }

        DueDelivery[] rest = [.. job.All.Where(delivery => !IsExpired(delivery))];
        return rest.Length == 0 ? null : job with { Delivery = rest[0], More = rest[1..] };

        bool IsExpired(DueDelivery delivery) => now >= delivery.Begun + parts.Options.Life;
    }

    /// <summary>Gives back the deliveries of an attempt that did not start, because the hook has changed.</summary>
    private void GiveBack(LaneJob job)
    {
        foreach (DueDelivery delivery in job.All)
        {
            backlog.GiveBack(delivery.Id);
            if (lane.IsEnding)
            {
                parts.FirstAttempts.Settle([(delivery.Event, delivery.Id)]);
            }
        }

        lane.Signal();
    }

    /// <summary>
    /// Renders the events that are not stored as they were sent, and makes the attempt. What a fault of the server kept from being sent is not stored: it may lack what
    /// was missing. Returns null if the hook changed before the attempt started.
    /// </summary>
    private async Task<AttemptMade?> AttemptAsync(LaneJob job)
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
            if (content.Sent.Refusal is { } refusal)
            {
                return new AttemptMade(AttemptOutcome.NotRendered(parts.Clock.GetUtcNow(), refusal), null, []);
            }

            AttemptContent[] more = job.More.Count == 0 ? [] : [.. job.More.Select(other => AttemptContent.Of(other, job.Target))];
            var attempt = new Attempt(job.Target, WebhookId.Of(delivery.Id), delivery.Type, delivery.AttemptNumber, content.Sent)
            {
                Trace = delivery.Trace,
                Chain = delivery.Chain == 0 ? null : delivery.Chain,
                Earlier = delivery.Earlier,
                More = more.Length == 0 ? [] : [.. job.More.Zip(more, (other, its) => (WebhookId.Of(other.Id), its.Sent))],
            };
            return await Sender.SendAsync(attempt, hardStop) is not { } outcome ? null
                : outcome.Kind == OutcomeKind.OurFault ? new AttemptMade(outcome, null, [])
                : new AttemptMade(outcome, content.New, more);
        }
        finally
        {
            parts.Slots.Return(_slots, first);
        }
    }

    /// <summary>Records how an attempt ended, for each delivery that it carried.</summary>
    private void Settle(LaneJob job, AttemptMade made, double chance)
    {
        DueDelivery delivery = job.Delivery;
        DateTimeOffset ended = parts.Clock.GetUtcNow();
        bool ordered = gate.Ordered;
        Verdict verdict = Verdict.Judge(made.Outcome, delivery, ordered, ended, parts.Schedule, parts.Options.Life, chance);
        if (ordered && verdict.State == DeliveryState.Pending)
        {
            // The delivery is still first in the queue. Deliveries that were read after it must not overtake it.
            backlog.PutBack();
        }

        GateChange change = gate.Note(made.Outcome, verdict, job.Probe, ended, health => Write(delivery, made.Outcome, verdict, health, made.Rendered));
        for (int i = 0; i < job.More.Count; i++)
        {
            DueDelivery other = job.More[i];
            RenderedBody? rendered = made.More.ElementAtOrDefault(i).New;
            Verdict own = Verdict.Judge(made.Outcome, other, ordered, ended, parts.Schedule, parts.Options.Life, chance);
            gate.NoteMore(health => Write(other, made.Outcome, own, health, rendered));
            Report(other, made.Outcome, own, GateChange.None);
        }

        if (change == GateChange.BreakerClosed)
        {
            lane.Signal();
        }

        Report(delivery, made.Outcome, verdict, change);
    }

    private void Write(DueDelivery delivery, AttemptOutcome outcome, Verdict verdict, HookHealth health, RenderedBody? rendered) =>
        parts.Outcomes.Write(new LaneOutcome(lane, hook, lane.Epoch, delivery, outcome, verdict, health, rendered));

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

    /// <summary>Keeps the deliveries of a worker that failed. They are retried after a while, without using up their schedules.</summary>
    private void Recover(LaneJob job, Exception error)
    {
        DeliveryLog.WorkerFailed(parts.Logger, error, job.Delivery.Id, hook);
        try
        {
            const double NoJitter = 0.5;
            Settle(
                job,
                new AttemptMade(AttemptOutcome.OurFault(parts.Clock.GetUtcNow(), $"The server failed to make the attempt: {error.GetType().Name}."), Rendered: null, More: []),
                NoJitter);
        }
        catch (Exception again)
        {
            DeliveryLog.WorkerFailed(parts.Logger, again, job.Delivery.Id, hook);
            foreach (DueDelivery delivery in job.All)
            {
                backlog.GiveBack(delivery.Id);
            }

            lane.RestAfterTrouble();
        }
    }

    /// <summary>An attempt that was made.</summary>
    /// <param name="Rendered">What is stored of the first delivery of its job; null for nothing.</param>
    /// <param name="More">What the further deliveries sent.</param>
    private readonly record struct AttemptMade(AttemptOutcome Outcome, RenderedBody? Rendered, IReadOnlyList<AttemptContent> More);
}

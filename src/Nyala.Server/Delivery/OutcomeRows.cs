using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Writes outcomes to the tables.</summary>
internal static class OutcomeRows
{
    /// <summary>Returns the record of an attempt.</summary>
    public static AttemptRecord Of(long delivery, int number, AttemptOutcome outcome)
    {
        Timings timings = outcome.Timings;
        return new AttemptRecord(
            delivery,
            number,
            outcome.Started,
            outcome.Duration,
            outcome.Status,
            outcome.Reason,
            outcome.Answer?.Body,
            outcome.RequestHeaders,
            outcome.Answer?.Headers,
            new AttemptTimes(timings.Opening?.Dns, timings.Opening?.Connect, timings.Opening?.Tls, timings.FirstByte));
    }

    /// <summary>Writes attempts, the new states of their deliveries, and the last results of their hooks.</summary>
    /// <returns>The lanes that are not the newest of their hook. None of their outcomes was written.</returns>
    public static HashSet<Lane> Write(ITables tables, IReadOnlyList<LaneOutcome> batch, bool withAttempts)
    {
        var fenced = new HashSet<Lane>();
        var epochs = new Dictionary<long, long?>();
        var newest = new Dictionary<long, (AttemptOutcome Outcome, LaneOutcome From)>();
        foreach (LaneOutcome outcome in batch)
        {
            if (!epochs.TryGetValue(outcome.Hook, out long? epoch))
            {
                epoch = tables.Hooks.Epoch(outcome.Hook);
                epochs.Add(outcome.Hook, epoch);
            }

            // A hook that was removed in the meantime has no epoch. Its attempts are still recorded.
            if (epoch is { } current && current != outcome.Epoch)
            {
                fenced.Add(outcome.Lane);
                continue;
            }

            if (withAttempts && outcome.Attempt is { } attempt)
            {
                tables.Deliveries.RecordAttempt(attempt);
            }

            if (withAttempts && outcome.Rendered is { } rendered)
            {
                tables.Rendered.Insert(outcome.Delivery.Id, rendered);
            }

            Verdict verdict = outcome.Verdict;
            tables.Deliveries.RecordOutcome(outcome.Delivery.Id, verdict.State, verdict.Due, outcome.Outcome is null ? null : verdict.Spent, verdict.Reason);
            if (outcome.Outcome is { } last)
            {
                newest[outcome.Hook] = (last, outcome);
            }

            if (verdict.HookGone)
            {
                tables.Hooks.SetState(outcome.Hook, HookState.Gone, outcome.Outcome!.HookReason, verdict.Due);
            }
        }

        foreach ((long hook, (AttemptOutcome last, LaneOutcome from)) in newest)
        {
            tables.Hooks.SetLastAttempt(hook, new LastAttempt(last.StatusName, last.Reason, last.Started + last.Duration, from.Delivery.Event), from.Health);
        }

        return fenced;
    }
}

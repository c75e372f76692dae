using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Turns outcomes into what the store writes.</summary>
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

    /// <summary>Returns what is written of an outcome.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="withAttempt">Whether its attempt is written, too.</param>
    public static Settlement Of(LaneOutcome outcome, bool withAttempt)
    {
        Verdict verdict = outcome.Verdict;
        DueDelivery delivery = outcome.Delivery;
        return new Settlement(
            outcome.Hook,
            outcome.Epoch,
            delivery.Id,
            delivery.Due,
            verdict.State,
            verdict.Due,
            withAttempt ? outcome.Attempt : null,
            outcome.Outcome is null ? null : verdict.Spent,
            verdict.Reason)
        {
            Last = outcome.Outcome is { } last ? new LastAttempt(last.StatusName, last.Reason, last.Started + last.Duration, delivery.Event) : null,
            Health = outcome.Health,
            GoneReason = verdict.HookGone ? outcome.Outcome!.HookReason : null,
            Rendered = withAttempt ? outcome.Rendered : null,
        };
    }
}

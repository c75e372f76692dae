using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>The decision after an attempt.</summary>
/// <param name="State">The new state of the delivery.</param>
/// <param name="Due">When it is attempted next, if it stays pending. A delivery of an ordered hook keeps its time, and with it its place; the hook waits.</param>
/// <param name="Spent">Whether the attempt counts against the schedule.</param>
/// <param name="HookGone">Whether the receiver wants no more events at all.</param>
/// <param name="Hold">Until when the whole hook is held, if a retry holds back later deliveries; otherwise null.</param>
/// <param name="Reason">Why the delivery ended, if the attempt does not say so; otherwise null.</param>
internal readonly record struct Verdict(
    DeliveryState State, DateTimeOffset Due, bool Spent, bool HookGone = false, DateTimeOffset? Hold = null, string? Reason = null)
{
    /// <summary>Why an expired delivery failed.</summary>
    public const string ExpiredReason = "The delivery expired: it was held or retried for as long as Delivery:Life allows.";

    /// <summary>Decides what to do after an attempt. Pure.</summary>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="delivery">The delivery as it was before.</param>
    /// <param name="ordered">Whether the hook is ordered. If so, a failed delivery keeps its place, and the hook waits.</param>
    /// <param name="now">When the attempt ended.</param>
    /// <param name="schedule">The retry schedule.</param>
    /// <param name="life">How long after its event, or after it was last resent, a delivery is still attempted.</param>
    /// <param name="chance">A random number from 0 to 1.</param>
    public static Verdict Judge(
        AttemptOutcome outcome, DueDelivery delivery, bool ordered, DateTimeOffset now, RetrySchedule schedule, TimeSpan life, double chance)
    {
        switch (outcome.Disposition)
        {
            case Disposition.Accepted:
                return new Verdict(DeliveryState.Delivered, now, Spent: true);
            case Disposition.HookGone:
                return new Verdict(DeliveryState.Gone, now, Spent: true, HookGone: true);
            case Disposition.Refused:
                return new Verdict(DeliveryState.Failed, now, Spent: true);
        }

        bool spent = outcome.Kind != OutcomeKind.OurFault;
        TimeSpan? wait = RetryRule.WaitAfter(outcome, delivery, schedule, chance);
        DateTimeOffset due = now + (wait ?? TimeSpan.Zero);
        if (wait is null || due >= delivery.Begun + life)
        {
            return new Verdict(DeliveryState.Failed, now, spent);
        }

        return ordered
            ? new Verdict(DeliveryState.Pending, delivery.Due, spent, Hold: due)
            : new Verdict(DeliveryState.Pending, due, spent);
    }

    /// <summary>Returns the final state of a ping, which is attempted once.</summary>
    public static DeliveryState OfPing(AttemptOutcome outcome) => outcome.Disposition switch
    {
        Disposition.Accepted => DeliveryState.Delivered,
        Disposition.HookGone => DeliveryState.Gone,
        _ => DeliveryState.Failed,
    };

    /// <summary>Returns the verdict on a delivery that expired before an attempt could be made.</summary>
    public static Verdict Expired(DateTimeOffset now) => new(DeliveryState.Failed, now, Spent: false, Reason: ExpiredReason);
}

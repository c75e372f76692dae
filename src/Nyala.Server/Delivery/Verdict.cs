using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>The decision after an attempt.</summary>
/// <param name="State">The new state of the delivery.</param>
/// <param name="Due">When it is retried, if it stays pending.</param>
/// <param name="Spent">Whether the attempt counts against the schedule.</param>
/// <param name="HookGone">Whether the receiver wants no more events at all.</param>
/// <param name="Hold">Until when the whole hook is held, if a retry holds back later deliveries; otherwise null.</param>
/// <param name="Reason">Why the delivery ended, if the attempt does not say so; otherwise null.</param>
internal readonly record struct Verdict(
    DeliveryState State, DateTimeOffset Due, bool Spent, bool HookGone = false, DateTimeOffset? Hold = null, string? Reason = null)
{
    /// <summary>Why an expired delivery failed.</summary>
    public const string ExpiredReason = "The delivery expired: it was held or retried for as long as Delivery:Life allows.";

    private const int Gone = 410;

    /// <summary>The longest delay that a <c>Retry-After</c> can cause.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(24);

    /// <summary>Faults of the server are retried after 1 s, doubling to 5 min, for about a day.</summary>
    private static readonly TimeSpan MaxOwnWait = TimeSpan.FromMinutes(5);

    private const int MaxFree = 296;

    /// <summary>Decides what to do after an attempt. Pure.</summary>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="delivery">The delivery as it was before.</param>
    /// <param name="ordered">Whether the hook is ordered. If so, a failed delivery keeps its place, and the hook waits.</param>
    /// <param name="now">When the attempt ended.</param>
    /// <param name="schedule">The retry schedule.</param>
    /// <param name="life">How long after its event a delivery is still attempted.</param>
    /// <param name="chance">A random number from 0 to 1.</param>
    public static Verdict Judge(
        AttemptOutcome outcome, DueDelivery delivery, bool ordered, DateTimeOffset now, RetrySchedule schedule, TimeSpan life, double chance)
    {
        if (outcome.Succeeded)
        {
            return new Verdict(DeliveryState.Delivered, now, Spent: true);
        }

        if (outcome.Status == Gone)
        {
            return new Verdict(DeliveryState.Gone, now, Spent: true, HookGone: true);
        }

        bool spent = outcome.Kind != OutcomeKind.OurFault;
        TimeSpan? wait = spent ? schedule.After(delivery.Spent + 1, chance) : OwnWait(delivery.Free);
        if (wait is { } && AskedFor(outcome, now) is { } asked && asked > wait)
        {
            wait = asked;
        }

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
    public static DeliveryState OfPing(AttemptOutcome outcome) =>
        outcome.Succeeded ? DeliveryState.Delivered : outcome.Status == Gone ? DeliveryState.Gone : DeliveryState.Failed;

    /// <summary>Returns the verdict on a delivery that expired before an attempt could be made.</summary>
    public static Verdict Expired(DateTimeOffset now) => new(DeliveryState.Failed, now, Spent: false, Reason: ExpiredReason);

    /// <summary>Returns how long the receiver asked to wait; null if it did not ask.</summary>
    public static TimeSpan? AskedFor(AttemptOutcome outcome, DateTimeOffset now)
    {
        if (outcome.Status is not (429 or 503) || outcome.RetryAfter is not { } retryAfter)
        {
            return null;
        }

        TimeSpan asked = retryAfter.From(now);
        return asked < MaxRetryAfter ? asked : MaxRetryAfter;
    }

    private static TimeSpan? OwnWait(int free) => free >= MaxFree
        ? null
        : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(free, 30)), MaxOwnWait.TotalSeconds));
}

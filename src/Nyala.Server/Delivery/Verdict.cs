using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>What follows from an attempt.</summary>
/// <param name="State">Where the delivery goes.</param>
/// <param name="Due">When it is tried again, where it stays pending.</param>
/// <param name="Spent">Whether the attempt counts against the schedule.</param>
/// <param name="HookGone">Whether the receiver wants no more events at all.</param>
internal readonly record struct Verdict(DeliveryState State, DateTimeOffset Due, bool Spent, bool HookGone = false)
{
    private const int Gone = 410;

    /// <summary>The most that a <c>Retry-After</c> can hold up a delivery.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(24);

    /// <summary>Our own faults are tried again after 1 s, doubling to 5 min, for about a day.</summary>
    private static readonly TimeSpan MaxOwnWait = TimeSpan.FromMinutes(5);

    private const int MaxFree = 296;

    /// <summary>Judges an attempt. Pure: the same facts give the same verdict.</summary>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="delivery">The delivery as it was before.</param>
    /// <param name="now">When the attempt ended.</param>
    /// <param name="schedule">When to try again.</param>
    /// <param name="life">How long after its event a delivery is still tried.</param>
    /// <param name="chance">From 0 up to 1.</param>
    public static Verdict Judge(
        AttemptOutcome outcome, DueDelivery delivery, DateTimeOffset now, RetrySchedule schedule, TimeSpan life, double chance)
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
        return wait is null || due >= delivery.Begun + life
            ? new Verdict(DeliveryState.Failed, now, spent)
            : new Verdict(DeliveryState.Pending, due, spent);
    }

    private static TimeSpan? OwnWait(int free) => free >= MaxFree
        ? null
        : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(free, 30)), MaxOwnWait.TotalSeconds));

    private static TimeSpan? AskedFor(AttemptOutcome outcome, DateTimeOffset now)
    {
        if (outcome.Status is not (429 or 503) || outcome.RetryAfter is not { } retryAfter)
        {
            return null;
        }

        TimeSpan asked = retryAfter.From(now);
        return asked < MaxRetryAfter ? asked : MaxRetryAfter;
    }
}

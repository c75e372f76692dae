using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Decides how long a delivery waits for its next attempt. Pure. What a receiver's answer asks for is read by the format of the hook.</summary>
internal static class RetryRule
{
    /// <summary>The longest wait that a receiver can ask for.</summary>
    private static readonly TimeSpan MaxRequested = TimeSpan.FromHours(24);

    /// <summary>The longest wait after a fault of this server. The first wait is 1 s, and each further one is twice as long.</summary>
    private static readonly TimeSpan MaxOwnWait = TimeSpan.FromMinutes(5);

    /// <summary>The number of faults of this server after which a delivery fails: about a day.</summary>
    private const int MaxOwnFaults = 296;

    /// <summary>Returns how long to wait after a failed attempt; null if no attempts are left.</summary>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="delivery">The delivery as it was before the attempt.</param>
    /// <param name="schedule">The retry schedule. It applies unless the fault was this server's.</param>
    /// <param name="chance">A random number from 0 to 1.</param>
    public static TimeSpan? WaitAfter(AttemptOutcome outcome, DueDelivery delivery, RetrySchedule schedule, double chance)
    {
        TimeSpan? wait = outcome.Kind == OutcomeKind.OurFault ? OwnWait(delivery.Free) : schedule.After(delivery.Spent + 1, chance);
        return wait is not null && RequestedWait(outcome) is { } requested && requested > wait ? requested : wait;
    }

    /// <summary>Returns how long the receiver asked to wait; null if it did not ask. <see cref="Breaker"/> also holds the hook for at least that long.</summary>
    public static TimeSpan? RequestedWait(AttemptOutcome outcome) => outcome.RequestedWait > MaxRequested ? MaxRequested : outcome.RequestedWait;

    private static TimeSpan? OwnWait(int faults) => faults >= MaxOwnFaults
        ? null
        : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(faults, 30)), MaxOwnWait.TotalSeconds));
}

namespace Nyala.Server.Delivery;

/// <summary>When to try again. Pure: chance is handed in.</summary>
internal sealed class RetrySchedule(IReadOnlyList<TimeSpan> waits)
{
    private const double Jitter = 0.2;

    /// <summary>How long to wait after a failed attempt; null if the schedule is used up.</summary>
    /// <param name="attempts">Attempts made so far, at least 1.</param>
    /// <param name="chance">From 0 up to 1: spreads receivers that failed together, so that they are not called together again.</param>
    public TimeSpan? After(int attempts, double chance) =>
        attempts > waits.Count ? null : waits[attempts - 1] * (1 - Jitter + (2 * Jitter * chance));
}

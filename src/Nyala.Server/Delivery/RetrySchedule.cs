namespace Nyala.Server.Delivery;

/// <summary>The retry schedule. Pure: the random number is a parameter.</summary>
internal sealed class RetrySchedule(IReadOnlyList<TimeSpan> waits)
{
    private const double Jitter = 0.2;

    /// <summary>Returns how long to wait after a failed attempt; null if the schedule is used up.</summary>
    /// <param name="attempts">The number of attempts so far that count against the schedule, at least 1.</param>
    /// <param name="chance">A random number from 0 to 1. It spreads the retries of receivers that failed together.</param>
    public TimeSpan? After(int attempts, double chance) =>
        attempts > waits.Count ? null : waits[attempts - 1] * (1 - Jitter + (2 * Jitter * chance));
}

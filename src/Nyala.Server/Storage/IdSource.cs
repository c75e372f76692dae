namespace Nyala.Server.Storage;

/// <summary>
/// Issues ids that increase with time: the milliseconds since 2020, followed by a counter of 22 bits. An id is never issued twice, even if the clock is set
/// back while the server runs or between two starts.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="newest">The greatest id in use; 0 if there is none.</param>
internal sealed class IdSource(TimeProvider clock, long newest = 0)
{
    private const int CountBits = 22;

    private static readonly long Epoch = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private long _last = newest;

    /// <summary>Returns the smallest id of a time. Earlier ids are smaller, unless the clock was set back.</summary>
    public static long At(DateTimeOffset time) => (time.ToUnixTimeMilliseconds() - Epoch) << CountBits;

    public long Next()
    {
        long now = At(clock.GetUtcNow());
        while (true)
        {
            long last = Volatile.Read(ref _last);
            long next = Math.Max(last + 1, now);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }
}

namespace Nyala.Server.Storage;

/// <summary>
/// Gives ids that grow with time: milliseconds since 2020 above 22 bits that count within one. An id is never given twice,
/// also where the clock is set back, while the server runs or between two starts.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="newest">The greatest id that is taken; 0 if none is.</param>
internal sealed class IdSource(TimeProvider clock, long newest = 0)
{
    private const int CountBits = 22;

    private static readonly long Epoch = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private long _last = newest;

    /// <summary>An id below every one that is given from this time on, and above those given before it.</summary>
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

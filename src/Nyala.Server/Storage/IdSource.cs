namespace Nyala.Server.Storage;

/// <summary>
/// Gives ids that grow with time: milliseconds since 2020 above 22 bits that count within one. An id is never given twice,
/// also where the clock is set back while the server runs.
/// </summary>
internal sealed class IdSource(TimeProvider clock)
{
    private const int CountBits = 22;

    private static readonly long Epoch = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private long _last;

    public long Next()
    {
        long now = (clock.GetUtcNow().ToUnixTimeMilliseconds() - Epoch) << CountBits;
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

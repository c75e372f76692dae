namespace Nyala.Server.Storage;

/// <summary>
/// Issues ids that increase with time: the milliseconds since 2020, followed by a counter of 12 bits and the number of the node in 10 bits, so that two nodes
/// never issue the same id. A node never issues an id twice, even if the clock is set back while the server runs or between two starts.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="newest">The greatest id in use, of any node; 0 if there is none.</param>
/// <param name="node">The number of the node, from 0 to <see cref="MaxNode"/>.</param>
internal sealed class IdSource(TimeProvider clock, long newest = 0, int node = 0)
{
    public const int MaxNode = (1 << NodeBits) - 1;

    /// <summary>The distance between two consecutive ids of a node.</summary>
    public const long Stride = 1 << NodeBits;

    private const int NodeBits = 10;
    private const int CountBits = 12;

    private static readonly long Epoch = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly int _node = node is >= 0 and <= MaxNode ? node : throw new ArgumentOutOfRangeException(nameof(node));

    // Without the number of the node. An id of an earlier version has other bits there, which the next id must not be below.
    private long _last = newest & ~(long)MaxNode;

    /// <summary>Returns the smallest id of a time. Earlier ids are smaller, unless the clock was set back.</summary>
    public static long At(DateTimeOffset time) => (time.ToUnixTimeMilliseconds() - Epoch) << (NodeBits + CountBits);

    /// <summary>Returns the time at which an id was issued, in milliseconds.</summary>
    public static DateTimeOffset TimeOf(long id) => DateTimeOffset.FromUnixTimeMilliseconds((id >> (NodeBits + CountBits)) + Epoch);

    public long Next() => Next(1);

    /// <summary>Issues several consecutive ids, <see cref="Stride"/> apart. Other nodes may have ids between them.</summary>
    /// <returns>The first of the ids.</returns>
    public long Next(int count)
    {
        long now = At(clock.GetUtcNow());
        while (true)
        {
            long last = Volatile.Read(ref _last);
            long first = Math.Max(last + Stride, now);
            if (Interlocked.CompareExchange(ref _last, first + ((count - 1) * Stride), last) == last)
            {
                return first + _node;
            }
        }
    }
}

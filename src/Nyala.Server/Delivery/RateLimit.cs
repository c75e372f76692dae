namespace Nyala.Server.Delivery;

/// <summary>
/// The rate limit of a hook or an account: attempts are spread evenly, but attempts that were not used within the last second may follow at once
/// (the generic cell rate algorithm). Immutable.
/// </summary>
internal readonly record struct RateLimit
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _interval;
    private readonly DateTimeOffset _next;

    private RateLimit(int rate, TimeSpan interval, DateTimeOffset next) => (Rate, _interval, _next) = (rate, interval, next);

    /// <summary>The number of attempts per minute.</summary>
    public int Rate { get; }

    /// <summary>When the next attempt may start.</summary>
    public DateTimeOffset Opens => _interval < Burst && _next > DateTimeOffset.MinValue + Burst ? _next - (Burst - _interval) : _next;

    /// <param name="rate">The number of attempts per minute, at least 1.</param>
    public static RateLimit Of(int rate) => new(rate, TimeSpan.FromMinutes(1) / rate, DateTimeOffset.MinValue);

    /// <summary>Whether the limit behaves like a new one.</summary>
    public bool IsUnused(DateTimeOffset now) => _next <= now;

    /// <summary>Returns the turn of the last attempt, because it did not start.</summary>
    public RateLimit GiveBack() => new(Rate, _interval, _next - _interval);

    /// <summary>Counts an attempt that starts now.</summary>
    public RateLimit Take(DateTimeOffset now) => new(Rate, _interval, (_next > now ? _next : now) + _interval);
}

using Nyala.Server.Storage;

namespace Nyala.Server.Access;

/// <summary>A created token in memory, with the time of its last use.</summary>
internal sealed class KnownToken(TokenRecord stored)
{
    private long _lastUsed = stored.LastUsed?.UtcTicks ?? 0;
    private long _written = stored.LastUsed?.UtcTicks ?? 0;

    public TokenRecord Record => stored with { LastUsed = Time(Volatile.Read(ref _lastUsed)) };

    public Caller Caller { get; } = new(stored.Id, stored.Name, stored.Scopes, stored.Site) { Expires = stored.Expires };

    public bool IsExpired(DateTimeOffset now) => stored.Expires <= now;

    public void Use(DateTimeOffset now) => Volatile.Write(ref _lastUsed, now.UtcTicks);

    /// <summary>Returns the time of the last use if it is not yet written; else null.</summary>
    public DateTimeOffset? UnwrittenLastUse()
    {
        long last = Volatile.Read(ref _lastUsed);
        return last > Volatile.Read(ref _written) ? Time(last) : null;
    }

    public void Written(DateTimeOffset lastUsed) => Volatile.Write(ref _written, lastUsed.UtcTicks);

    private static DateTimeOffset? Time(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
}

namespace Nyala.Server.Storage.Sqlite;

internal sealed class IdempotencyTable(Session session) : IIdempotencyTable
{
    /// <summary>Stores a publish, replacing an older one with the same key.</summary>
    public void Put(string site, EventKey key, long @event, DateTimeOffset created) => session
        .Use("INSERT OR REPLACE INTO idempotency_keys (site, key, digest, event, created) VALUES (?, ?, ?, ?, ?)")
        .Bind(site).Bind(key.Key).Bind(key.Digest).Bind(@event).Bind(created).Run();

    /// <summary>Returns the event that was accepted with this key; null if there is none.</summary>
    public (byte[] Digest, long Event, DateTimeOffset Created)? Find(string site, string key) => session
        .Use("SELECT digest, event, created FROM idempotency_keys WHERE site = ? AND key = ?").Bind(site).Bind(key)
        .First<(byte[], long, DateTimeOffset)?>(row => (row.Blob(0), row.Long(1), row.Time(2)));

    public int Prune(DateTimeOffset before, int limit) => session
        .Use("DELETE FROM idempotency_keys WHERE (site, key) IN (SELECT site, key FROM idempotency_keys WHERE created < ? ORDER BY created LIMIT ?)")
        .Bind(before).Bind(limit).Run();
}

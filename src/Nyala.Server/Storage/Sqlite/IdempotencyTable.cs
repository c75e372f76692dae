namespace Nyala.Server.Storage.Sqlite;

internal sealed class IdempotencyTable(Session session) : IIdempotencyTable
{
    public void Put(IdempotencyRecord record) => session
        .Use("INSERT OR REPLACE INTO idempotency_keys (site, key, digest, event, created) VALUES (?, ?, ?, ?, ?)")
        .Bind(record.Site).Bind(record.Key).Bind(record.Digest).Bind(record.Event).Bind(record.Created).Run();

    public IdempotencyRecord? Find(string site, string key) => session
        .Use("SELECT site, key, digest, event, created FROM idempotency_keys WHERE site = ? AND key = ?").Bind(site).Bind(key)
        .First(row => new IdempotencyRecord(row.Text(0), row.Text(1), row.Blob(2), row.Long(3), row.Time(4)));

    public int Prune(DateTimeOffset before, int limit) => session
        .Use("DELETE FROM idempotency_keys WHERE (site, key) IN (SELECT site, key FROM idempotency_keys WHERE created < ? ORDER BY created LIMIT ?)")
        .Bind(before).Bind(limit).Run();
}

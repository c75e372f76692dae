namespace Nyala.Server.Storage.Sqlite;

internal sealed class RedeliveryTable(Session session) : IRedeliveryTable
{
    private const string Columns = "id, hook, state, since, until, cursor, done, created, ended, reason";

    public void Insert(RedeliveryRecord redelivery) => session
        .Use($"INSERT INTO redeliveries ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(redelivery.Id).Bind(redelivery.Hook).Bind((long)redelivery.State).Bind(redelivery.Since).Bind(redelivery.Until)
        .Bind(redelivery.Cursor).Bind(redelivery.Done).Bind(redelivery.Created).Bind(redelivery.Ended).Bind(redelivery.Reason).Run();

    public RedeliveryRecord? Find(long id) => session.Use($"SELECT {Columns} FROM redeliveries WHERE id = ?").Bind(id).First(Read);

    public IReadOnlyList<RedeliveryRecord> Open() =>
        session.Use($"SELECT {Columns} FROM redeliveries INDEXED BY redeliveries_running WHERE ended IS NULL ORDER BY id").All(Read);

    public RedeliveryRecord? OpenOf(long hook) =>
        session.Use($"SELECT {Columns} FROM redeliveries WHERE ended IS NULL AND hook = ?").Bind(hook).First(Read);

    public IReadOnlyList<RedeliveryRecord> OfHook(long hook, long before, int limit) => session
        .Use($"SELECT {Columns} FROM redeliveries WHERE hook = ? AND id < ? ORDER BY id DESC LIMIT ?").Bind(hook).Bind(before).Bind(limit).All(Read);

    public void Advance(long id, long cursor, int done) =>
        session.Use("UPDATE redeliveries SET cursor = ?, done = ? WHERE id = ?").Bind(cursor).Bind(done).Bind(id).Run();

    public bool End(long id, string? reason, DateTimeOffset now) => session
        .Use("UPDATE redeliveries SET ended = ?, reason = ? WHERE id = ? AND ended IS NULL").Bind(now).Bind(reason).Bind(id).Run() > 0;

    public int Prune(DateTimeOffset ended, int limit) => session
        .Use("DELETE FROM redeliveries WHERE id IN (SELECT id FROM redeliveries WHERE ended < ? ORDER BY ended LIMIT ?)").Bind(ended).Bind(limit).Run();

    private static RedeliveryRecord Read(Statement row) => new(
        row.Long(0), row.Long(1), (DeliveryState)row.Int(2), row.Time(3), row.Time(4), row.Long(5), row.Int(6), row.Time(7), row.TimeOrNull(8), row.TextOrNull(9));
}

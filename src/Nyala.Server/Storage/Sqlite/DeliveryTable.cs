namespace Nyala.Server.Storage.Sqlite;

internal sealed class DeliveryTable(Session session, AttemptTable attempts) : IDeliveryTable
{
    internal const string Columns = "d.id, d.event, d.hook, d.state, d.earlier + d.attempts + d.free, d.due, d.created, d.reason, d.ping";

    private readonly DeliverySearch _search = new(session);

    private const string EndedIn = "hook = ? AND state = ? AND id > ? AND id < ? AND created >= ? AND created < ? AND ping = 0 ORDER BY id LIMIT ?";

    public void InsertPing(AttemptRecord attempt, long @event, long hook, DeliveryState state)
    {
        session
            .Use("INSERT INTO deliveries (id, event, hook, state, attempts, free, due, created, begun, ping) VALUES (?1, ?2, ?3, ?4, 1, 0, ?6, ?5, ?5, 1)")
            .Bind(attempt.Delivery).Bind(@event).Bind(hook).Bind((long)state).Bind(attempt.Started).Bind(attempt.Started + attempt.Duration).Run();
        attempts.Put(attempt);
    }

    public DeliveryRecord? Find(long id) => session
        .Use($"SELECT {Columns} FROM deliveries AS d WHERE id = ?").Bind(id).First(Read);

    public IReadOnlyList<DeliveryRecord> OfHook(long hook, int limit) => session
        .Use($"SELECT {Columns} FROM deliveries AS d WHERE hook = ? ORDER BY id LIMIT ?").Bind(hook).Bind(limit).All(Read);

    public Page<DeliveryRecord> Search(DeliveryQuery query) => _search.Find(query);

    public (int All, int Delivered) CountOfEvent(long @event) => _search.CountOfEvent(@event);

    public IReadOnlyList<AttemptRecord> Attempts(long delivery) => attempts.Of(delivery);

    public AttemptEnd? LastAttempt(long delivery) => attempts.Last(delivery);

    // Failed and gone deliveries have an index of their own.
    public IReadOnlyList<long> Ended(long hook, DeliveryState state, Period period, long after, int limit) => session
        .Use(state == DeliveryState.Delivered
            ? $"SELECT id FROM deliveries INDEXED BY deliveries_of_hook WHERE {EndedIn}"
            : $"SELECT id FROM deliveries INDEXED BY deliveries_undone WHERE state IN (2, 3) AND {EndedIn}")
        .Bind(hook).Bind((long)state).Bind(Math.Max(after, period.FirstId - 1)).Bind(period.EndId)
        .Bind(period.Since ?? DateTimeOffset.MinValue).Bind(period.Until ?? DateTimeOffset.MaxValue).Bind(limit).All(row => row.Long(0));

    public long? Prune(DateTimeOffset ended, long after, int limit)
    {
        // Ids increase with time, so only the old end of the table is read: a delivery that ended before a time was accepted before it.
        List<(long Id, bool IsOver)> looked = session
            .Use("SELECT id, state <> 0 AND due < ? FROM deliveries WHERE id > ? AND id < ? ORDER BY id LIMIT ?")
            .Bind(ended).Bind(after).Bind(IdSource.At(ended)).Bind(limit).All(row => (row.Long(0), row.Bool(1)));
        foreach ((long id, _) in looked.Where(one => one.IsOver))
        {
            session.Use("DELETE FROM attempts WHERE delivery = ?").Bind(id).Run();
            session.Use("DELETE FROM rendered WHERE delivery = ?").Bind(id).Run();
            session.Use("DELETE FROM deliveries WHERE id = ?").Bind(id).Run();
        }

        return looked.Count == limit ? looked[^1].Id : null;
    }

    internal static DeliveryRecord Read(Statement row) =>
        new(row.Long(0), row.Long(1), row.Long(2), (DeliveryState)row.Int(3), row.Int(4), row.Time(5), row.Time(6), row.TextOrNull(7), row.Bool(8));
}

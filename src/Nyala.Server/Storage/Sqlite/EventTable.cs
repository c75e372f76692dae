namespace Nyala.Server.Storage.Sqlite;

internal sealed class EventTable(Session session) : IEventTable
{
    internal const string Head = "SELECT id, type, site, deployment, created FROM events";

    private readonly EventSearch _search = new(session);

    public void Insert(EventRecord accepted) => session
        .Use("INSERT INTO events (id, type, site, body, created, deployment, trace, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(accepted.Id).Bind(accepted.Type).Bind(accepted.Site).Bind(accepted.Body).Bind(accepted.Created)
        .Bind(accepted.Deployment).Bind(accepted.Trace).Bind(accepted.Chain).Run();

    /// <summary>Adds an event, and notes the ids of its first and its last delivery.</summary>
    public void Insert(EventToAccept accepted, DateTimeOffset now, (long First, long Last)? deliveries, string? logTail) => session
        .Use(
            "INSERT INTO events (id, type, site, body, created, deployment, trace, chain, first_delivery, last_delivery, log_tail) "
            + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(accepted.Id).Bind(accepted.Type).Bind(accepted.Site).Bind(accepted.Body).Bind(now)
        .Bind(accepted.Deployment).Bind(accepted.Trace).Bind(accepted.Chain).Bind(deliveries?.First).Bind(deliveries?.Last).Bind(logTail).Run();

    public EventRecord? Find(long id) => session
        .Use("SELECT id, type, site, body, created, deployment, trace, chain, log_tail FROM events WHERE id = ?").Bind(id)
        .First(row => new EventRecord(row.Long(0), row.Text(1), row.Text(2), row.Blob(3), row.Time(4), row.TextOrNull(5), row.TextOrNull(6), row.Int(7)) { LogTail = row.TextOrNull(8) });

    public EventHead? FindHead(long id) => session.Use(Head + " WHERE id = ?").Bind(id).First(ReadHead);

    public Page<EventHead> Search(EventQuery query) => _search.Find(query);

    public DateTimeOffset? Newest() =>
        session.Use("SELECT created FROM events ORDER BY id DESC LIMIT 1").First(row => (DateTimeOffset?)row.Time(0));

    // Ids increase with time, so only the old end of the table is read.
    public long? Prune(DateTimeOffset accepted, long after, int limit)
    {
        List<(long Id, bool IsOver)> looked = session
            .Use(
                "SELECT e.id, e.created < ? AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.id BETWEEN e.first_delivery AND e.last_delivery AND d.event = e.id) "
                + "AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.place IS NULL AND d.event = e.id) "
                + "FROM events AS e WHERE e.id > ? AND e.id < ? ORDER BY e.id LIMIT ?")
            .Bind(accepted).Bind(after).Bind(IdSource.At(accepted)).Bind(limit).All(row => (row.Long(0), row.Bool(1)));
        foreach ((long id, _) in looked.Where(one => one.IsOver))
        {
            session.Use("DELETE FROM events WHERE id = ?").Bind(id).Run();
        }

        return looked.Count == limit ? looked[^1].Id : null;
    }

    public byte[]? Body(long id) => session.Use("SELECT body FROM events WHERE id = ?").Bind(id).First(row => row.Blob(0));

    public (byte[] Beginning, bool More)? BodyStart(long id, int most) => session.Beginning("events", "body", id, most);

    internal static EventHead ReadHead(Statement row) => new(row.Long(0), row.Text(1), row.Text(2), row.TextOrNull(3), row.Time(4));
}

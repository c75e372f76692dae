namespace Nyala.Server.Storage.Sqlite;

internal sealed class EventTable(Session session) : IEventTable
{
    internal const string Head = "SELECT id, type, site, deployment, created FROM events";

    private readonly EventSearch _search = new(session);

    public void Insert(EventRecord accepted) => session
        .Use("INSERT INTO events (id, type, site, body, created, deployment, trace, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(accepted.Id).Bind(accepted.Type).Bind(accepted.Site).Bind(accepted.Body).Bind(accepted.Created)
        .Bind(accepted.Deployment).Bind(accepted.Trace).Bind(accepted.Chain).Run();

    public EventRecord? Find(long id) => session
        .Use("SELECT id, type, site, body, created, deployment, trace, chain FROM events WHERE id = ?").Bind(id)
        .First(row => new EventRecord(row.Long(0), row.Text(1), row.Text(2), row.Blob(3), row.Time(4), row.TextOrNull(5), row.TextOrNull(6), row.Int(7)));

    public EventHead? FindHead(long id) => session.Use(Head + " WHERE id = ?").Bind(id).First(ReadHead);

    public Page<EventHead> Search(EventQuery query) => _search.Find(query);

    public DateTimeOffset? Newest() =>
        session.Use("SELECT created FROM events ORDER BY id DESC LIMIT 1").First(row => (DateTimeOffset?)row.Time(0));

    // Ids grow with time, so only the old end of the table is read.
    public int Prune(DateTimeOffset accepted, int limit) => session
        .Use(
            "DELETE FROM events WHERE id IN (SELECT e.id FROM events AS e WHERE e.id < ?1 AND e.created < ?2 "
            + "AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.event = e.id) ORDER BY e.id LIMIT ?3)")
        .Bind(IdSource.At(accepted)).Bind(accepted).Bind(limit).Run();

    public byte[]? Body(long id) => session.Use("SELECT body FROM events WHERE id = ?").Bind(id).First(row => row.Blob(0));

    public (byte[] Beginning, bool More)? BodyStart(long id, int most) => session.Beginning("events", "body", id, most);

    internal static EventHead ReadHead(Statement row) => new(row.Long(0), row.Text(1), row.Text(2), row.TextOrNull(3), row.Time(4));
}

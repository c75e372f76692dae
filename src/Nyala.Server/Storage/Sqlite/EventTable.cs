namespace Nyala.Server.Storage.Sqlite;

internal sealed class EventTable(Session session) : IEventTable
{
    private const string Head = "SELECT id, type, site, deployment, created FROM events";

    private const string Rest = " id < ?2 AND id >= ?3 AND created >= ?4 AND created < ?5 AND site = coalesce(?6, site) COLLATE NOCASE"
        + " AND type = coalesce(?7, type) COLLATE NOCASE ORDER BY id DESC LIMIT ?8";

    // As in DeliverySearch, each way in names its index.
    private const string OfDeployment = Head + " INDEXED BY events_of_deployment WHERE deployment = ?1 AND" + Rest;
    private const string OfType = Head + " INDEXED BY events_of_type WHERE type = ?1 COLLATE NOCASE AND" + Rest;
    private const string Any = Head + " NOT INDEXED WHERE" + Rest;

    public void Insert(EventRecord accepted) => session
        .Use("INSERT INTO events (id, type, site, body, created, deployment, trace, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(accepted.Id).Bind(accepted.Type).Bind(accepted.Site).Bind(accepted.Body).Bind(accepted.Created)
        .Bind(accepted.Deployment).Bind(accepted.Trace).Bind(accepted.Chain).Run();

    public EventRecord? Find(long id) => session
        .Use("SELECT id, type, site, body, created, deployment, trace, chain FROM events WHERE id = ?").Bind(id)
        .First(row => new EventRecord(row.Long(0), row.Text(1), row.Text(2), row.Blob(3), row.Time(4), row.TextOrNull(5), row.TextOrNull(6), row.Int(7)));

    public EventHead? FindHead(long id) => session.Use(Head + " WHERE id = ?").Bind(id).First(ReadHead);

    public IReadOnlyList<EventHead> Search(EventQuery query)
    {
        Period period = query.Accepted;
        return session.Use(query.Deployment is not null ? OfDeployment : query.Type is not null ? OfType : Any)
            .Bind(query.Deployment ?? query.Type)
            .Bind(Math.Min(query.Before, period.EndId)).Bind(period.FirstId)
            .Bind(period.Since ?? DateTimeOffset.MinValue).Bind(period.Until ?? DateTimeOffset.MaxValue)
            .Bind(query.Site).Bind(query.Type).Bind(query.Limit).All(ReadHead);
    }

    public DateTimeOffset? Newest() =>
        session.Use("SELECT created FROM events ORDER BY id DESC LIMIT 1").First(row => (DateTimeOffset?)row.Time(0));

    // Ids grow with time, so only the old end of the table is read.
    public int Prune(DateTimeOffset accepted, int limit) => session
        .Use(
            "DELETE FROM events WHERE id IN (SELECT e.id FROM events AS e WHERE e.id < ?1 AND e.created < ?2 "
            + "AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.event = e.id) ORDER BY e.id LIMIT ?3)")
        .Bind(IdSource.At(accepted)).Bind(accepted).Bind(limit).Run();

    public byte[]? Body(long id) => session.Use("SELECT body FROM events WHERE id = ?").Bind(id).First(row => row.Blob(0));

    private static EventHead ReadHead(Statement row) => new(row.Long(0), row.Text(1), row.Text(2), row.TextOrNull(3), row.Time(4));
}

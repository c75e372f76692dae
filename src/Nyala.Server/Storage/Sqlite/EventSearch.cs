namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// Searches the events. As in <see cref="DeliverySearch"/>, each statement names its index, and a condition that no index covers is checked within a limit.
/// </summary>
internal sealed class EventSearch(Session session)
{
    private const string Range = " id < ?2 AND id >= ?3 ORDER BY id DESC";

    // Only the id is read, because the rest of a head is stored after the body, which may be long.
    private const string OfDeployment = "SELECT id FROM events INDEXED BY events_of_deployment WHERE deployment = ?1 AND" + Range;
    private const string OfType = "SELECT id FROM events INDEXED BY events_of_type WHERE type = ?1 COLLATE NOCASE AND" + Range;
    private const string OfSite = "SELECT id FROM events INDEXED BY events_of_site WHERE site = ?1 COLLATE NOCASE AND" + Range;
    private const string All = "SELECT id FROM events NOT INDEXED WHERE" + Range;

    private const string CountOfType =
        "SELECT count(*) FROM (SELECT 1 FROM events INDEXED BY events_of_type WHERE type = ?1 COLLATE NOCASE AND id < ?2 AND id >= ?3 LIMIT ?4)";

    private const string Matches =
        "SELECT EXISTS (SELECT 1 FROM events WHERE id = ?1 AND (?2 IS NULL OR type = ?2 COLLATE NOCASE) AND (?3 IS NULL OR site = ?3 COLLATE NOCASE))";

    private const string FindHead = EventTable.Head + " WHERE id = ?1 AND created >= ?2 AND created < ?3";

    public Page<EventHead> Find(EventQuery query)
    {
        Period period = query.Accepted;
        long before = Math.Min(query.Before, period.EndId);
        bool typeLeads = query.Type is not null && (query.Site is null || CountOf(query.Type, before, period.FirstId) < BoundedScan.MaxExamined);
        (string way, string? key) = query switch
        {
            { Deployment: { } deployment } => (OfDeployment, deployment),
            { Type: { } type } when typeLeads => (OfType, type),
            { Site: { } site } => (OfSite, site),
            _ => (All, null),
        };
        bool looks = (query.Type is not null && way != OfType) || (query.Site is not null && way != OfSite);
        bool timed = period != default;
        Page<Candidate> page = BoundedScan.Take(
            session.Use(way).Bind(key).Bind(before).Bind(period.FirstId).Rows(row => new Candidate(row.Long(0))),
            one => one.Id,
            one => (!looks || MatchesQuery(one.Id, query)) && (!timed || (one.Head = Head(one.Id, period)) is not null),
            query.Limit);
        return new Page<EventHead>([.. page.Entries.Select(one => one.Head ?? Head(one.Id, default)!)], page.Next);
    }

    private int CountOf(string type, long before, long from) =>
        session.Use(CountOfType).Bind(type).Bind(before).Bind(from).Bind(BoundedScan.MaxExamined).First(row => row.Int(0));

    private bool MatchesQuery(long id, EventQuery query) => session.Use(Matches).Bind(id).Bind(query.Type).Bind(query.Site).First(row => row.Bool(0));

    private EventHead? Head(long id, Period period) => session.Use(FindHead)
        .Bind(id).Bind(period.Since ?? DateTimeOffset.MinValue).Bind(period.Until ?? DateTimeOffset.MaxValue).First(EventTable.ReadHead);

    /// <summary>An event that may match, and its head once it was read.</summary>
    private sealed class Candidate(long id)
    {
        public long Id => id;

        public EventHead? Head { get; set; }
    }
}

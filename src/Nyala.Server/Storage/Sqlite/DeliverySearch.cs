namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// Searches the record. Each way in names its index, so that no search reads the table from end to end because SQLite guessed wrong: it keeps
/// no statistics here, and a way whose index is not there fails at once.
/// </summary>
internal sealed class DeliverySearch(Session session)
{
    private const string Select = $"SELECT {DeliveryTable.Columns} FROM ";

    private const string Filter =
        " d.id < ?2 AND d.id >= ?3 AND d.created >= ?4 AND d.created < ?5 AND d.state = coalesce(?6, d.state) AND d.hook = coalesce(?7, d.hook)"
        + " AND (?8 IS NULL OR EXISTS (SELECT 1 FROM events AS t WHERE t.id = d.event AND t.type = ?8 COLLATE NOCASE))"
        + " AND (?9 IS NULL OR EXISTS (SELECT 1 FROM hooks AS h WHERE h.id = d.hook AND h.site = ?9))";

    private const string Rest = Filter + " ORDER BY d.id DESC LIMIT ?10";

    private const string OfHook = Select + "deliveries AS d INDEXED BY deliveries_of_hook WHERE d.hook = ?1 AND" + Rest;
    private const string OfHookUndone = Select + "deliveries AS d INDEXED BY deliveries_undone WHERE d.state IN (2, 3) AND d.hook = ?1 AND" + Rest;
    private const string OfHookPending = Select + "deliveries AS d INDEXED BY deliveries_pending WHERE d.state = 0 AND d.hook = ?1 AND" + Rest;
    private const string OfEvent = Select + "deliveries AS d INDEXED BY deliveries_of_event WHERE d.event = ?1 AND" + Rest;
    private const string Any = Select + "deliveries AS d NOT INDEXED WHERE" + Rest;
    private const string AnyUndone = Select + "deliveries AS d INDEXED BY deliveries_undone_anywhere WHERE d.state IN (2, 3) AND" + Rest;
    private const string AnyPending = Select + "deliveries AS d INDEXED BY deliveries_pending WHERE d.state = 0 AND" + Rest;

    private const string OfDeployment = Select
        + "events AS e INDEXED BY events_of_deployment CROSS JOIN deliveries AS d INDEXED BY deliveries_of_event ON d.event = e.id WHERE e.deployment = ?1 AND" + Rest;

    // An event's id is below those of its deliveries.
    private const string OfType = Select
        + "events AS e INDEXED BY events_of_type CROSS JOIN deliveries AS d INDEXED BY deliveries_of_event ON d.event = e.id "
        + "WHERE e.type = ?1 COLLATE NOCASE AND e.id < ?2 AND e.id >= ?3 AND" + Rest;

    // The event that a page begins with at the latest: it and the newer ones have a delivery each at least.
    private const string FirstOfType =
        "SELECT e.id FROM events AS e INDEXED BY events_of_type WHERE e.type = ?1 COLLATE NOCASE AND e.id < ?2 AND e.id >= ?3 AND EXISTS ("
        + "SELECT 1 FROM deliveries AS d INDEXED BY deliveries_of_event WHERE d.event = e.id AND" + Filter + ") ORDER BY e.id DESC LIMIT 1 OFFSET ?10 - 1";

    /// <summary>How long an event with its id may wait for its transaction, in ids: so much out of order its deliveries may come.</summary>
    private static readonly long Overtaking = IdSource.At(DateTimeOffset.UnixEpoch.AddMinutes(1)) - IdSource.At(DateTimeOffset.UnixEpoch);

    public IReadOnlyList<DeliveryRecord> Find(DeliveryQuery query)
    {
        if (query is { Event: { } @event })
        {
            return Run(OfEvent, use => use.Bind(@event), query);
        }

        if (query is { Deployment: { } deployment })
        {
            return Run(OfDeployment, use => use.Bind(deployment), query);
        }

        if (query is { Hook: { } hook })
        {
            return FindOfHook(hook, query);
        }

        if (query is { Site: { } site })
        {
            // A few seeks for each hook of the site, however much the others have.
            List<long> hooks = session.Use("SELECT id FROM hooks WHERE site = ?").Bind(site).All(row => row.Long(0));
            return [.. hooks.SelectMany(id => FindOfHook(id, query)).OrderByDescending(delivery => delivery.Id).Take(query.Limit)];
        }

        return query switch
        {
            { State: DeliveryState.Pending } => Run(AnyPending, use => use.Bind(0L), query),
            { State: DeliveryState.Failed or DeliveryState.Gone } => Run(AnyUndone, use => use.Bind(0L), query),
            { Type: { } type } => FindOfType(type, query),
            _ => Run(Any, use => use.Bind(0L), query),
        };
    }

    private List<DeliveryRecord> FindOfType(string type, DeliveryQuery query)
    {
        // There may be millions of a type, which would all be put in order for one page.
        long from = query.Accepted.FirstId;
        long first = Bind(session.Use(FirstOfType).Bind(type), query, from).First(row => row.Long(0));
        return Bind(session.Use(OfType).Bind(type), query, Math.Max(from, first - Overtaking)).All(DeliveryTable.Read);
    }

    private IReadOnlyList<DeliveryRecord> FindOfHook(long hook, DeliveryQuery query) => Run(
        query.State switch { DeliveryState.Pending => OfHookPending, DeliveryState.Failed or DeliveryState.Gone => OfHookUndone, _ => OfHook },
        use => use.Bind(hook),
        query);

    private List<DeliveryRecord> Run(string way, Func<Statement, Statement> bindKey, DeliveryQuery query) =>
        Bind(bindKey(session.Use(way)), query, query.Accepted.FirstId).All(DeliveryTable.Read);

    private static Statement Bind(Statement use, DeliveryQuery query, long from)
    {
        Period period = query.Accepted;
        return use
            .Bind(Math.Min(query.Before, period.EndId)).Bind(from)
            .Bind(period.Since ?? DateTimeOffset.MinValue).Bind(period.Until ?? DateTimeOffset.MaxValue)
            .Bind((long?)query.State).Bind(query.Hook).Bind(query.Type).Bind(query.Site).Bind(query.Limit);
    }
}

namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// Searches the deliveries. Each statement names its index, because SQLite has no statistics here and could choose to scan the table. If an index is missing,
/// the statement fails at once. A condition that no index covers is checked row by row, within the limit of <see cref="BoundedScan"/>.
/// </summary>
internal sealed class DeliverySearch(Session session)
{
    /// <summary>The maximum number of events of a type or a deployment whose deliveries a page collects.</summary>
    internal const int FewEvents = 256;

    /// <summary>The maximum number of hooks of a site that a search reads one by one.</summary>
    internal const int FewHooks = 256;

    private const string Select = $"SELECT {DeliveryTable.Columns} FROM deliveries AS d ";
    private const string Range = " d.id < ?2 AND d.id >= ?3 ORDER BY d.id DESC";

    private const string All = Select + "NOT INDEXED WHERE" + Range;
    private const string OfHook = Select + "INDEXED BY deliveries_of_hook WHERE d.hook = ?1 AND" + Range;
    private const string OfHookUndone = Select + "INDEXED BY deliveries_undone WHERE d.state IN (2, 3) AND d.hook = ?1 AND" + Range;
    private const string OfEvent = Select + "NOT INDEXED WHERE d.event = ?1 AND" + Range;
    private const string OfEventApart = Select + "INDEXED BY deliveries_of_event WHERE d.place IS NULL AND d.event = ?1 AND" + Range;
    private const string OfStateUndone = Select + "INDEXED BY deliveries_undone_anywhere WHERE d.state IN (2, 3) AND d.state = ?1 AND" + Range;
    private const string NextOfHook = OfHook + " LIMIT 1";
    private const string NextOfHookUndone = OfHookUndone + " LIMIT 1";

    private const string ById = Select + "WHERE d.id = ?1";

    private const string DeliveriesOfEvent = "SELECT first_delivery, last_delivery FROM events WHERE id = ? AND first_delivery IS NOT NULL";

    private const string EventsOfType =
        "SELECT id FROM events INDEXED BY events_of_type WHERE type = ?1 COLLATE NOCASE AND id < ?2 AND id >= ?3 ORDER BY id DESC LIMIT ?4";

    private const string EventsOfDeployment =
        "SELECT id FROM events INDEXED BY events_of_deployment WHERE deployment = ?1 AND id < ?2 AND id >= ?3 ORDER BY id DESC LIMIT ?4";

    private const string IsEventOfType = "SELECT EXISTS (SELECT 1 FROM events WHERE id = ?1 AND type = ?2 COLLATE NOCASE)";
    private const string IsEventOfDeployment = "SELECT EXISTS (SELECT 1 FROM events WHERE id = ?1 AND deployment = ?2)";
    private const string IsHookAtSite = "SELECT EXISTS (SELECT 1 FROM hooks WHERE id = ?1 AND site = ?2)";
    private const string HooksOfSite = "SELECT id FROM hooks INDEXED BY hooks_of_site WHERE site = ?1 LIMIT ?2";

    /// <summary>
    /// How long an event may wait for its transaction after it got its id, as a difference of ids. Its deliveries get their ids in the transaction, so they can
    /// be out of order by this much.
    /// </summary>
    private static readonly long Overtaking = IdSource.At(DateTimeOffset.UnixEpoch.AddMinutes(1)) - IdSource.At(DateTimeOffset.UnixEpoch);

    private readonly QueueSearch _queue = new(session);

    /// <summary>Counts the deliveries of an event, and how many of them were delivered.</summary>
    public (int All, int Delivered) CountOfEvent(long @event) => RangeOf(@event) is { } range
        ? session.Use("SELECT count(*), count(nullif(state = 1, 0)) FROM deliveries NOT INDEXED WHERE id BETWEEN ?1 AND ?2 AND event = ?3")
            .Bind(range.First).Bind(range.Last).Bind(@event).First(row => (row.Int(0), row.Int(1)))
        : session.Use("SELECT count(*), count(nullif(state = 1, 0)) FROM deliveries INDEXED BY deliveries_of_event WHERE place IS NULL AND event = ?")
            .Bind(@event).First(row => (row.Int(0), row.Int(1)));

    public Page<DeliveryRecord> Find(DeliveryQuery query)
    {
        Bounds bounds = new(Math.Min(query.Before, query.Accepted.EndId), query.Accepted.FirstId);
        var filter = new Filter(session, query);
        if (query is { Hook: { } hook, Site: not null } && !filter.IsAtSite(hook))
        {
            return new Page<DeliveryRecord>([], Next: null);
        }

        return FindByEvents(query, bounds, filter) ?? BoundedScan.Take(Candidates(query, bounds), delivery => delivery.Id, filter.Matches, query.Limit);
    }

    /// <summary>Searches through the events if that is the shorter way; otherwise returns null.</summary>
    private Page<DeliveryRecord>? FindByEvents(DeliveryQuery query, Bounds bounds, Filter filter)
    {
        if (query.Event is not null || (query.Type ?? query.Deployment) is null)
        {
            return null;
        }

        // The id of an event is smaller than the ids of its deliveries.
        List<long> events = (query.Deployment is { } deployment ? session.Use(EventsOfDeployment).Bind(deployment) : session.Use(EventsOfType).Bind(query.Type))
            .Bind(bounds.Before).Bind(bounds.From).Bind(FewEvents + 1).All(row => row.Long(0));
        bool another = query.Hook is not null || query.State is not (null or DeliveryState.Delivered) || (query.Site is { } site && HooksOf(site) is not null);
        return another && events.Count > FewEvents && query.Deployment is null ? null : Gather(events, query, bounds, filter);
    }

    /// <summary>
    /// Collects the deliveries of events, newest first. If it stops before the last event, the page ends at an id above all deliveries of the remaining events.
    /// Returns null if this id is not below the start of the page, because the events are too close together or have too many deliveries.
    /// </summary>
    private Page<DeliveryRecord>? Gather(List<long> events, DeliveryQuery query, Bounds bounds, Filter filter)
    {
        var found = new List<DeliveryRecord>();
        int left = BoundedScan.MaxExamined;
        long? end = null;
        for (int i = 0; i < events.Count && end is null; i++)
        {
            bool enough = i == FewEvents || (found.Count > query.Limit && found[query.Limit].Id >= events[i] + Overtaking);
            if (!enough && filter.MatchesEvent(events[i]))
            {
                foreach (DeliveryRecord delivery in RowsOfEvent(events[i], bounds).Take(left + 1))
                {
                    left--;
                    if (filter.Matches(delivery))
                    {
                        found.Add(delivery);
                    }
                }
            }

            end = enough || left < 0 ? events[i] + Overtaking : null;
        }

        // If many deliveries were found whose order is not certain, the events are so close together that a walk finds as many.
        if (end >= bounds.Before || (end is { } certain && found.Count > query.Limit && found[query.Limit].Id < certain))
        {
            return null;
        }

        List<DeliveryRecord> ordered = [.. found.Where(delivery => delivery.Id >= (end ?? 0)).OrderByDescending(delivery => delivery.Id)];
        return ordered.Count > query.Limit
            ? new Page<DeliveryRecord>(ordered[..query.Limit], ordered[query.Limit - 1].Id)
            : new Page<DeliveryRecord>(ordered, end > bounds.From ? end : null);
    }

    /// <summary>Returns the deliveries that may match, newest first.</summary>
    private IEnumerable<DeliveryRecord> Candidates(DeliveryQuery query, Bounds bounds)
    {
        if (query.Event is { } @event)
        {
            return RowsOfEvent(@event, bounds);
        }

        List<long>? hooks = query.Hook is { } hook ? [hook] : query.Site is { } site ? HooksOf(site) : null;
        return (hooks, query.State) switch
        {
            ([long only], DeliveryState.Failed or DeliveryState.Gone) => Rows(OfHookUndone, only, bounds),
            ([long only], DeliveryState.Pending) => Pending(hooks, bounds) ?? Rows(OfHook, only, bounds),
            ([long only], _) => Rows(OfHook, only, bounds),
            (not null, DeliveryState.Failed or DeliveryState.Gone) => Merge(NextOfHookUndone, hooks, bounds),
            (not null, DeliveryState.Pending) => Pending(hooks, bounds) ?? Rows(All, 0, bounds),
            (not null, _) => Merge(NextOfHook, hooks, bounds),
            (null, DeliveryState.Pending) => Pending(hooks, bounds) ?? Rows(All, 0, bounds),
            (null, DeliveryState.Failed or DeliveryState.Gone) => Rows(OfStateUndone, (long)query.State, bounds),
            _ => Rows(All, 0, bounds),
        };
    }

    /// <summary>Lists the hooks of a site; null if there are too many.</summary>
    private List<long>? HooksOf(string site) =>
        session.Use(HooksOfSite).Bind(site).Bind(FewHooks + 1).All(row => row.Long(0)) is { Count: <= FewHooks } hooks ? hooks : null;

    /// <summary>
    /// Returns the pending deliveries of these hooks, newest first, as many as a page examines. Null if the queue has too many: then many of the newest deliveries
    /// are pending, and a walk finds them.
    /// </summary>
    private IEnumerable<DeliveryRecord>? Pending(List<long>? hooks, Bounds bounds) =>
        _queue.Newest(hooks, bounds.Before, bounds.From, BoundedScan.MaxExamined)?
            .Select(id => session.Use(ById).Bind(id).First(DeliveryTable.Read)).OfType<DeliveryRecord>();

    /// <summary>Merges the deliveries of several hooks, newest first. It needs one seek per hook and one per delivery that is taken.</summary>
    private IEnumerable<DeliveryRecord> Merge(string next, List<long> hooks, Bounds bounds)
    {
        var heads = new PriorityQueue<DeliveryRecord, long>();
        foreach (long hook in hooks)
        {
            Push(hook, bounds);
        }

        while (heads.TryDequeue(out DeliveryRecord? head, out _))
        {
            yield return head;
            Push(head.Hook, bounds with { Before = head.Id });
        }

        void Push(long hook, Bounds rest)
        {
            if (rest.BindTo(session.Use(next), hook).First(DeliveryTable.Read) is { } head)
            {
                heads.Enqueue(head, -head.Id);
            }
        }
    }

    private IEnumerable<DeliveryRecord> RowsOfEvent(long @event, Bounds bounds) => RangeOf(@event) is { } range
        ? Rows(OfEvent, @event, new Bounds(Math.Min(bounds.Before, range.Last + 1), Math.Max(bounds.From, range.First)))
        : Rows(OfEventApart, @event, bounds);

    /// <summary>Returns the ids of the first and the last delivery of an event; null if its deliveries were added one by one.</summary>
    private (long First, long Last)? RangeOf(long @event) => session.Use(DeliveriesOfEvent).Bind(@event).First<(long, long)?>(row => (row.Long(0), row.Long(1)));

    private IEnumerable<DeliveryRecord> Rows(string way, long key, Bounds bounds) => bounds.BindTo(session.Use(way), key).Rows(DeliveryTable.Read);

    /// <summary>The range of ids to examine: below <paramref name="Before"/>, and not below <paramref name="From"/>.</summary>
    private readonly record struct Bounds(long Before, long From)
    {
        public Statement BindTo(Statement way, long key) => way.Bind(key).Bind(Before).Bind(From);
    }

    /// <summary>Decides whether a delivery matches the search.</summary>
    private sealed class Filter(Session session, DeliveryQuery query)
    {
        private readonly Dictionary<long, bool> _events = [];
        private readonly Dictionary<long, bool> _hooks = [];
        private readonly DateTimeOffset _since = query.Accepted.Since ?? DateTimeOffset.MinValue;
        private readonly DateTimeOffset _until = query.Accepted.Until ?? DateTimeOffset.MaxValue;

        public bool Matches(DeliveryRecord delivery) =>
            (query.State is null || delivery.State == query.State)
            && (query.Hook is null || delivery.Hook == query.Hook)
            && (query.Event is null || delivery.Event == query.Event)
            && delivery.Created >= _since && delivery.Created < _until
            && (query.Site is null || Remember(_hooks, delivery.Hook, IsAtSite))
            && MatchesEvent(delivery.Event);

        public bool MatchesEvent(long @event) => (query.Type ?? query.Deployment) is null || Remember(_events, @event, IsOfEvents);

        private static bool Remember(Dictionary<long, bool> known, long id, Func<long, bool> ask)
        {
            if (!known.TryGetValue(id, out bool answer))
            {
                known[id] = answer = ask(id);
            }

            return answer;
        }

        public bool IsAtSite(long hook) => session.Use(IsHookAtSite).Bind(hook).Bind(query.Site).First(row => row.Bool(0));

        private bool IsOfEvents(long @event) =>
            (query.Type is null || session.Use(IsEventOfType).Bind(@event).Bind(query.Type).First(row => row.Bool(0)))
            && (query.Deployment is null || session.Use(IsEventOfDeployment).Bind(@event).Bind(query.Deployment).First(row => row.Bool(0)));
    }
}

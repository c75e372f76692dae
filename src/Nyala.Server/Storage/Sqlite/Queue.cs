namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// The table <c>queue</c> has a row for each pending delivery, ordered by hook and due time. It stays small however many deliveries have ended.
/// </summary>
internal sealed class Queue(Session session, HookTable hooks, EventTable events, AttemptTable attempts, RenderedTable rendered, IdempotencyTable keys) : IQueue
{
    // A loose index scan: one seek per hook with pending deliveries, however many these are.
    private const string Queued =
        """
        WITH RECURSIVE queued (hook) AS (
            SELECT min(hook) FROM queue
            UNION ALL
            SELECT (SELECT min(q.hook) FROM queue AS q WHERE q.hook > queued.hook) FROM queued WHERE queued.hook IS NOT NULL)
        """;

    public IReadOnlyList<AcceptResult> Accept(IReadOnlyList<EventToAccept> batch, IdSource ids, TimeProvider clock)
    {
        // The time is read in the transaction, so that an event of a later transaction is never due earlier.
        DateTimeOffset now = clock.GetUtcNow();
        return HasTooManyDeliveries(batch, now)
            ? [.. batch.Select(accepted => new AcceptResult(AcceptOutcome.TooManyDeliveries, accepted.Id, now, []))]
            : [.. batch.Select(accepted => Accept(accepted, ids, now))];
    }

    public IReadOnlySet<LaneId> Settle(IReadOnlyList<Settlement> batch)
    {
        var fenced = new HashSet<LaneId>();
        var epochs = new Dictionary<long, long?>();
        var newest = new Dictionary<long, Settlement>();
        foreach (Settlement settlement in batch)
        {
            if (!epochs.TryGetValue(settlement.Hook, out long? epoch))
            {
                epochs.Add(settlement.Hook, epoch = hooks.Epoch(settlement.Hook));
            }

            // A hook that was removed in the meantime has no epoch. Its attempts are still recorded.
            if (epoch is { } current && current != settlement.Epoch)
            {
                fenced.Add(new LaneId(settlement.Hook, settlement.Epoch));
                continue;
            }

            Settle(settlement);
            if (settlement.Last is not null)
            {
                newest[settlement.Hook] = settlement;
            }

            if (settlement.GoneReason is { } reason)
            {
                hooks.SetState(settlement.Hook, HookState.Gone, reason, settlement.Due);
            }
        }

        foreach ((long hook, Settlement last) in newest)
        {
            hooks.SetLastAttempt(hook, last.Last!, last.Health);
        }

        return fenced;
    }

    public LanePage ReadPage(LaneQuery query)
    {
        HookRecord? hook = hooks.Find(query.Hook);
        if (hook is not { State: HookState.Active })
        {
            return new LanePage(hook, [], Whole: true, NextDue: null);
        }

        // Of the deliveries that the lane has already, only the queue is read.
        Statement queue = session.Use("SELECT delivery FROM queue WHERE hook = ? AND due <= ? ORDER BY due, delivery").Bind(query.Hook).Bind(query.Now);
        var due = new List<DueDelivery>();
        long bytes = 0;
        bool more = false;
        while (!more && queue.Step())
        {
            long id = queue.Long(0);
            if (query.Known.Contains(id))
            {
                continue;
            }

            more = due.Count >= query.MaxDeliveries || bytes >= query.MaxBytes;
            if (!more && Find(id, logTail: hook.LogLines > 0) is { } delivery)
            {
                bytes += delivery.Size;
                due.Add(delivery);
            }
        }

        queue.Stop();
        return new LanePage(hook, due, Whole: !more, NextDue(query.Hook, query.Now));
    }

    public bool Requeue(long id, DateTimeOffset now)
    {
        long? hook = session
            .Use(
                "UPDATE deliveries SET state = 0, due = ?1, begun = ?1, earlier = earlier + attempts + free, attempts = 0, free = 0, reason = NULL "
                + "WHERE id = ?2 AND state <> 0 AND ping = 0 RETURNING hook")
            .Bind(now).Bind(id).First<long?>(row => row.Long(0));
        if (hook is not { } of)
        {
            return false;
        }

        Add(of, now, id);
        return true;
    }

    public int EndAsGone(long hook, string reason, DateTimeOffset now, int limit) => EndAll(
        session.Use("DELETE FROM queue WHERE (hook, due, delivery) IN (SELECT hook, due, delivery FROM queue WHERE hook = ? LIMIT ?) RETURNING delivery")
            .Bind(hook).Bind(limit),
        DeliveryState.Gone,
        reason,
        now);

    public int Expire(DateTimeOffset dueBefore, DateTimeOffset now, string reason, int limit) => EndAll(
        session.Use(
            $"""
            {Queued}
            DELETE FROM queue WHERE (hook, due, delivery) IN (
                SELECT q.hook, q.due, q.delivery FROM queued CROSS JOIN queue AS q ON q.hook = queued.hook WHERE q.due < ? LIMIT ?)
            RETURNING delivery
            """)
            .Bind(dueBefore).Bind(limit),
        DeliveryState.Failed,
        reason,
        now);

    public int ShiftDueTimes(TimeSpan by, DateTimeOffset now)
    {
        session.Use("UPDATE deliveries SET due = due - ? WHERE id IN (SELECT delivery FROM queue WHERE due > ?)").Bind(by.Ticks).Bind(now).Run();
        return session.Use("UPDATE queue SET due = due - ? WHERE due > ?").Bind(by.Ticks).Bind(now).Run();
    }

    public int Count(int most) => session
        .Use("SELECT count(*) FROM (SELECT 1 FROM queue LIMIT ?)").Bind(most).First(row => row.Int(0));

    public IReadOnlyList<long> HooksWithWork(DateTimeOffset now) => session.Use(
        $"""
        {Queued}
        SELECT queued.hook FROM queued LEFT JOIN hooks AS h ON h.id = queued.hook
        WHERE queued.hook IS NOT NULL AND (
            h.id IS NULL OR h.state = 3
            OR (h.state = 0 AND (h.held_until IS NULL OR h.held_until <= ?1)
                AND EXISTS (SELECT 1 FROM queue AS q WHERE q.hook = queued.hook AND q.due <= ?1)))
        """).Bind(now).All(row => row.Long(0));

    /// <summary>Whether several events have too many deliveries. The filters are read only if the hooks alone are too many.</summary>
    private bool HasTooManyDeliveries(IReadOnlyList<EventToAccept> batch, DateTimeOffset now)
    {
        return batch.Count > 1 && IsOver(batch.Select(one => hooks.CountMatches(one.Site, one.Type))) && IsOver(batch.Select(Deliveries));

        static bool IsOver(IEnumerable<int> counts)
        {
            long sum = 0;
            return counts.Any(count => (sum += count) > IQueue.MaxDeliveries);
        }

        int Deliveries(EventToAccept one) => hooks.Match(one.Site, one.Type, now).Count(hook => hook.Filter is null || one.Matches(hook.Filter));
    }

    private AcceptResult Accept(EventToAccept accepted, IdSource ids, DateTimeOffset now)
    {
        if (accepted.Key is { } key)
        {
            if (keys.Find(accepted.Site, key.Key) is { } earlier && now < earlier.Created + key.Life)
            {
                bool same = earlier.Digest.AsSpan().SequenceEqual(key.Digest);
                return new AcceptResult(same ? AcceptOutcome.Replayed : AcceptOutcome.Mismatch, earlier.Event, earlier.Created, []);
            }

            keys.Put(accepted.Site, key, accepted.Id, now);
        }

        IReadOnlyList<MatchedHook> matched = hooks.Match(accepted.Site, accepted.Type, now);
        var deliveries = new List<AcceptedDelivery>(matched.Count);
        foreach (MatchedHook hook in matched)
        {
            if (hook.Filter is null || accepted.Matches(hook.Filter))
            {
                deliveries.Add(new AcceptedDelivery(0, hook));
            }
        }

        long first = deliveries.Count > 0 ? ids.Next(deliveries.Count) : 0;
        for (int i = 0; i < deliveries.Count; i++)
        {
            deliveries[i] = deliveries[i] with { Id = first + (i * IdSource.Stride) };
            Insert(deliveries[i].Id, accepted.Id, deliveries[i].Hook.Id, place: i + 1, now);
        }

        int lines = deliveries.Count > 0 && accepted.LogTail is not null ? deliveries.Max(delivery => delivery.Hook.LogLines) : 0;
        string? logTail = lines > 0 ? accepted.LogTail!(lines) : null;
        events.Insert(accepted, now, deliveries.Count > 0 ? (first, deliveries[^1].Id) : null, logTail);
        return new AcceptResult(AcceptOutcome.Accepted, accepted.Id, now, deliveries) { LogTail = logTail };
    }

    // Zeros keep the space of a successful first attempt, see the migration. With less, a usual attempt makes the row grow; with more, pages stay half empty.
    internal void Insert(long id, long @event, long hook, long? place, DateTimeOffset due)
    {
        session
            .Use(
                "INSERT INTO deliveries (id, event, hook, place, state, attempts, free, due, created, begun, room) "
                + "VALUES (?1, ?2, ?3, ?4, 0, 0, 0, ?5, ?5, ?5, zeroblob(160))")
            .Bind(id).Bind(@event).Bind(hook).Bind(place).Bind(due).Run();
        Add(hook, due, id);
    }

    private void Settle(Settlement settlement)
    {
        if (settlement.Rendered is { } body)
        {
            rendered.Insert(settlement.Delivery, body);
        }

        bool pending = Take(settlement);
        bool inline = pending && settlement is { State: DeliveryState.Delivered, Attempt.Number: 1 };
        if (settlement.Attempt is { } attempt && !inline)
        {
            attempts.Put(attempt);
        }

        if (!pending)
        {
            return;
        }

        if (inline)
        {
            attempts.EndWith(settlement.Attempt!, settlement.Due, settlement.Spent == true);
            return;
        }

        session
            .Use("UPDATE deliveries SET state = ?, due = ?, attempts = attempts + ?, free = free + ?, reason = ?, room = NULL WHERE id = ?")
            .Bind((long)settlement.State).Bind(settlement.Due).Bind(settlement.Spent == true).Bind(settlement.Spent == false).Bind(settlement.Reason)
            .Bind(settlement.Delivery).Run();
        if (settlement.State == DeliveryState.Pending)
        {
            Add(settlement.Hook, settlement.Due, settlement.Delivery);
        }
    }

    /// <summary>Removes a delivery from the queue. Returns false if it is not pending.</summary>
    private bool Take(Settlement settlement) =>
        Delete(settlement.Hook, settlement.WasDue, settlement.Delivery)

        // The due time was moved after the lane had read the delivery.
        || (session.Use("SELECT due FROM deliveries WHERE id = ? AND state = 0").Bind(settlement.Delivery).First<DateTimeOffset?>(row => row.Time(0)) is { } due
            && Delete(settlement.Hook, due, settlement.Delivery));

    private void Add(long hook, DateTimeOffset due, long delivery) => session
        .Use("INSERT INTO queue (hook, due, delivery) VALUES (?, ?, ?)").Bind(hook).Bind(due).Bind(delivery).Run();

    private bool Delete(long hook, DateTimeOffset due, long delivery) => session
        .Use("DELETE FROM queue WHERE hook = ? AND due = ? AND delivery = ?").Bind(hook).Bind(due).Bind(delivery).Run() > 0;

    /// <summary>Ends the deliveries that a statement removes from the queue.</summary>
    private int EndAll(Statement removal, DeliveryState state, string reason, DateTimeOffset now)
    {
        List<long> removed = removal.All(row => row.Long(0));
        foreach (long id in removed)
        {
            session.Use("UPDATE deliveries SET state = ?, due = ?, reason = ?, room = NULL WHERE id = ?").Bind((long)state).Bind(now).Bind(reason).Bind(id).Run();
        }

        return removed.Count;
    }

    private DateTimeOffset? NextDue(long hook, DateTimeOffset now) => session
        .Use("SELECT due FROM queue WHERE hook = ? AND due > ? ORDER BY due LIMIT 1").Bind(hook).Bind(now).First(row => (DateTimeOffset?)row.Time(0));

    private DueDelivery? Find(long id, bool logTail) => session
        .Use(
            "SELECT d.event, e.type, coalesce(r.body, e.body), d.attempts, d.free, d.earlier, d.due, d.begun, e.trace, e.chain, e.site, "
            + "r.content_type, r.form, CASE WHEN ?2 AND r.delivery IS NULL THEN e.log_tail END "
            + "FROM deliveries AS d CROSS JOIN events AS e ON e.id = d.event LEFT JOIN rendered AS r ON r.delivery = d.id WHERE d.id = ?1").Bind(id).Bind(logTail)
        .First(row => new DueDelivery(
            id, row.Long(0), row.Text(1), row.Blob(2), row.Int(3), row.Int(4), row.Int(5), row.Time(6), row.Time(7), row.TextOrNull(8), row.Int(9))
        {
            Site = row.Text(10),
            RenderedType = row.TextOrNull(11),
            RenderedForm = row.TextOrNull(12),
            LogTail = row.TextOrNull(13),
        });
}

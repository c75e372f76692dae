namespace Nyala.Server.Storage.Sqlite;

internal sealed class DeliveryTable(Session session) : IDeliveryTable
{
    internal const string Columns = "d.id, d.event, d.hook, d.state, d.earlier + d.attempts + d.free, d.due, d.created, d.reason, d.ping";

    private readonly DeliverySearch _search = new(session);

    private const string AttemptColumns =
        "delivery, number, started, duration, status, reason, answer, request, answer_headers, dns, connect, tls, first_byte";

    private const string EndedIn = "hook = ? AND state = ? AND id > ? AND id < ? AND created >= ? AND created < ? AND ping = 0 ORDER BY id LIMIT ?";

    // A loose index scan: one seek per hook with pending deliveries, however many these are.
    private const string Queued =
        """
        WITH RECURSIVE queued (hook) AS (
            SELECT min(hook) FROM deliveries WHERE state = 0
            UNION ALL
            SELECT (SELECT min(d.hook) FROM deliveries AS d WHERE d.state = 0 AND d.hook > queued.hook) FROM queued WHERE queued.hook IS NOT NULL)
        """;

    public void Insert(long id, long @event, long hook, DateTimeOffset now) => session
        .Use("INSERT INTO deliveries (id, event, hook, state, attempts, free, due, created, begun) VALUES (?1, ?2, ?3, 0, 0, 0, ?4, ?4, ?4)")
        .Bind(id).Bind(@event).Bind(hook).Bind(now).Run();

    public void InsertPing(AttemptRecord attempt, long @event, long hook, DeliveryState state)
    {
        session
            .Use("INSERT INTO deliveries (id, event, hook, state, attempts, free, due, created, begun, ping) VALUES (?1, ?2, ?3, ?4, 1, 0, ?6, ?5, ?5, 1)")
            .Bind(attempt.Delivery).Bind(@event).Bind(hook).Bind((long)state).Bind(attempt.Started).Bind(attempt.Started + attempt.Duration).Run();
        RecordAttempt(attempt);
    }

    public DeliveryRecord? Find(long id) => session
        .Use($"SELECT {Columns} FROM deliveries AS d WHERE id = ?").Bind(id).First(Read);

    public IReadOnlyList<DeliveryRecord> OfHook(long hook, int limit) => session
        .Use($"SELECT {Columns} FROM deliveries AS d WHERE hook = ? ORDER BY id LIMIT ?").Bind(hook).Bind(limit).All(Read);

    public Page<DeliveryRecord> Search(DeliveryQuery query) => _search.Find(query);

    public (int All, int Delivered) CountOfEvent(long @event) => session
        .Use("SELECT count(*), count(nullif(state = 1, 0)) FROM deliveries INDEXED BY deliveries_of_event WHERE event = ?").Bind(@event)
        .First(row => (row.Int(0), row.Int(1)));

    public AttemptEnd? LastAttempt(long delivery) => session
        .Use("SELECT status, reason FROM attempts WHERE delivery = ? ORDER BY number DESC LIMIT 1").Bind(delivery)
        .First(row => new AttemptEnd((int?)row.LongOrNull(0), row.TextOrNull(1)));

    public bool Requeue(long id, DateTimeOffset now) => session
        .Use(
            "UPDATE deliveries SET state = 0, due = ?1, begun = ?1, earlier = earlier + attempts + free, attempts = 0, free = 0, reason = NULL "
            + "WHERE id = ?2 AND state <> 0 AND ping = 0")
        .Bind(now).Bind(id).Run() > 0;

    // Failed and gone deliveries have an index of their own.
    public IReadOnlyList<long> Ended(long hook, DeliveryState state, Period period, long after, int limit) => session
        .Use(state == DeliveryState.Delivered
            ? $"SELECT id FROM deliveries INDEXED BY deliveries_of_hook WHERE {EndedIn}"
            : $"SELECT id FROM deliveries INDEXED BY deliveries_undone WHERE state IN (2, 3) AND {EndedIn}")
        .Bind(hook).Bind((long)state).Bind(Math.Max(after, period.FirstId - 1)).Bind(period.EndId)
        .Bind(period.Since ?? DateTimeOffset.MinValue).Bind(period.Until ?? DateTimeOffset.MaxValue).Bind(limit).All(row => row.Long(0));

    public IReadOnlyList<AttemptRecord> Attempts(long delivery) => session
        .Use($"SELECT {AttemptColumns} FROM attempts WHERE delivery = ? ORDER BY number").Bind(delivery)
        .All(row => new AttemptRecord(
            row.Long(0), row.Int(1), row.Time(2), TimeSpan.FromTicks(row.Long(3)), (int?)row.LongOrNull(4), row.TextOrNull(5), row.BlobOrNull(6),
            row.TextOrNull(7), row.TextOrNull(8), new AttemptTimes(row.SpanOrNull(9), row.SpanOrNull(10), row.SpanOrNull(11), row.SpanOrNull(12))));

    public IReadOnlyList<DueDelivery> Due(long hook, DateTimeOffset now, IReadOnlySet<long> except, int limit, long bytes)
    {
        // The state is a constant, so that SQLite uses the partial index. Of the deliveries that the lane already has, only the index is read.
        Statement queue = session.Use("SELECT id FROM deliveries WHERE state = 0 AND hook = ? AND due <= ? ORDER BY due, id").Bind(hook).Bind(now);
        var due = new List<DueDelivery>();
        long read = 0;
        while (due.Count < limit && read < bytes && queue.Step())
        {
            long id = queue.Long(0);
            if (!except.Contains(id) && FindDue(id) is { } delivery)
            {
                read += delivery.Body.Length;
                due.Add(delivery);
            }
        }

        queue.Stop();
        return due;
    }

    public DateTimeOffset? NextDue(long hook, DateTimeOffset now) => session
        .Use("SELECT due FROM deliveries WHERE state = 0 AND hook = ? AND due > ? ORDER BY due LIMIT 1").Bind(hook).Bind(now)
        .First(row => (DateTimeOffset?)row.Time(0));

    // A lane that is cut off between an attempt and its record may use a number twice. The later record replaces the earlier one.
    public void RecordAttempt(AttemptRecord attempt) => session
        .Use($"INSERT OR REPLACE INTO attempts ({AttemptColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .Bind(attempt.Delivery).Bind(attempt.Number).Bind(attempt.Started).Bind(attempt.Duration.Ticks).Bind(attempt.Status).Bind(attempt.Reason)
        .Bind(attempt.Answer).Bind(attempt.Request).Bind(attempt.AnswerHeaders)
        .Bind(attempt.Times.Dns?.Ticks).Bind(attempt.Times.Connect?.Ticks).Bind(attempt.Times.Tls?.Ticks).Bind(attempt.Times.FirstByte?.Ticks).Run();

    public void RecordOutcome(long id, DeliveryState state, DateTimeOffset due, bool? spent, string? reason) => session
        .Use("UPDATE deliveries SET state = ?, due = ?, attempts = attempts + ?, free = free + ?, reason = ? WHERE id = ? AND state = 0")
        .Bind((long)state).Bind(due).Bind(spent == true).Bind(spent == false).Bind(reason).Bind(id).Run();

    public int EndAsGone(long hook, string reason, DateTimeOffset now, int limit) => session
        .Use("UPDATE deliveries SET state = 3, due = ?, reason = ? WHERE id IN (SELECT id FROM deliveries WHERE state = 0 AND hook = ? LIMIT ?)")
        .Bind(now).Bind(reason).Bind(hook).Bind(limit).Run();

    public int Expire(DateTimeOffset dueBefore, DateTimeOffset now, string reason, int limit) => session
        .Use(
            $"""
            {Queued}
            UPDATE deliveries SET state = 2, due = ?2, reason = ?3 WHERE id IN (
                SELECT d.id FROM queued CROSS JOIN deliveries AS d ON d.hook = queued.hook
                WHERE d.state = 0 AND d.due < ?1 LIMIT ?4)
            """)
        .Bind(dueBefore).Bind(now).Bind(reason).Bind(limit).Run();

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

    public int ShiftDueTimes(TimeSpan by, DateTimeOffset now) =>
        session.Use("UPDATE deliveries SET due = due - ? WHERE state = 0 AND due > ?").Bind(by.Ticks).Bind(now).Run();

    public int CountPending(int most) => session
        .Use("SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE state = 0 LIMIT ?)").Bind(most).First(row => row.Int(0));

    public IReadOnlyList<long> HooksWithWork(DateTimeOffset now) => session.Use(
        $"""
        {Queued}
        SELECT queued.hook FROM queued LEFT JOIN hooks AS h ON h.id = queued.hook
        WHERE queued.hook IS NOT NULL AND (
            h.id IS NULL OR h.state = 3
            OR (h.state = 0 AND (h.held_until IS NULL OR h.held_until <= ?1)
                AND EXISTS (SELECT 1 FROM deliveries AS d WHERE d.state = 0 AND d.hook = queued.hook AND d.due <= ?1)))
        """).Bind(now).All(row => row.Long(0));

    private DueDelivery? FindDue(long id) => session
        .Use(
            "SELECT d.event, e.type, coalesce(r.body, e.body), d.attempts, d.free, d.earlier, d.due, d.begun, e.trace, e.chain, r.content_type "
            + "FROM deliveries AS d CROSS JOIN events AS e ON e.id = d.event LEFT JOIN rendered AS r ON r.delivery = d.id WHERE d.id = ?").Bind(id)
        .First(row => new DueDelivery(
            id, row.Long(0), row.Text(1), row.Blob(2), row.Int(3), row.Int(4), row.Int(5), row.Time(6), row.Time(7), row.TextOrNull(8), row.Int(9))
        {
            RenderedType = row.TextOrNull(10),
        });

    internal static DeliveryRecord Read(Statement row) =>
        new(row.Long(0), row.Long(1), row.Long(2), (DeliveryState)row.Int(3), row.Int(4), row.Time(5), row.Time(6), row.TextOrNull(7), row.Bool(8));
}

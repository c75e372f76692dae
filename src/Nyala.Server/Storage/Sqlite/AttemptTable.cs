namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// The recorded attempts. A first attempt that succeeds is in the row of its delivery, all others are in the table <c>attempts</c>.
/// </summary>
internal sealed class AttemptTable(Session session)
{
    private const string Details = "started, duration, status, answer, request, answer_headers, dns, connect, tls, first_byte";

    /// <summary>Ends a delivery with its first attempt, which succeeded.</summary>
    public void EndWith(AttemptRecord attempt, DateTimeOffset ended, bool spent)
    {
        Statement end = session.Use(
            $"UPDATE deliveries SET ({Details}) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), state = 1, due = ?, attempts = attempts + ?, free = free + ?, room = NULL WHERE id = ?");
        BindDetails(end, attempt).Bind(ended).Bind(spent).Bind(!spent).Bind(attempt.Delivery).Run();
    }

    // A lane that is cut off between an attempt and its record may use a number twice. The later record replaces the earlier one.
    public void Put(AttemptRecord attempt)
    {
        Statement put = session.Use($"INSERT OR REPLACE INTO attempts ({Details}, delivery, number, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        BindDetails(put, attempt).Bind(attempt.Delivery).Bind(attempt.Number).Bind(attempt.Reason).Run();
    }

    public IReadOnlyList<AttemptRecord> Of(long delivery)
    {
        List<AttemptRecord> others =
            session.Use($"SELECT {Details}, number, reason FROM attempts WHERE delivery = ? ORDER BY number").Bind(delivery).All(row => Read(row, delivery));
        return others is [{ Number: 1 }, ..]
            ? others
            : [.. session.Use($"SELECT {Details}, 1, NULL FROM deliveries WHERE id = ? AND started IS NOT NULL").Bind(delivery).All(row => Read(row, delivery)), .. others];
    }

    public AttemptEnd? Last(long delivery) =>
        session.Use("SELECT status, reason FROM attempts WHERE delivery = ? ORDER BY number DESC LIMIT 1").Bind(delivery).First(ReadEnd)
        ?? session.Use("SELECT status, NULL FROM deliveries WHERE id = ? AND started IS NOT NULL").Bind(delivery).First(ReadEnd);

    private static Statement BindDetails(Statement statement, AttemptRecord attempt) => statement
        .Bind(attempt.Started).Bind(attempt.Duration.Ticks).Bind(attempt.Status).Bind(attempt.Answer).Bind(attempt.Request).Bind(attempt.AnswerHeaders)
        .Bind(attempt.Times.Dns?.Ticks).Bind(attempt.Times.Connect?.Ticks).Bind(attempt.Times.Tls?.Ticks).Bind(attempt.Times.FirstByte?.Ticks);

    private static AttemptRecord Read(Statement row, long delivery) => new(
        delivery, row.Int(10), row.Time(0), TimeSpan.FromTicks(row.Long(1)), (int?)row.LongOrNull(2), row.TextOrNull(11), row.BlobOrNull(3),
        row.TextOrNull(4), row.TextOrNull(5), new AttemptTimes(row.SpanOrNull(6), row.SpanOrNull(7), row.SpanOrNull(8), row.SpanOrNull(9)));

    private static AttemptEnd ReadEnd(Statement row) => new((int?)row.LongOrNull(0), row.TextOrNull(1));
}

using Microsoft.Data.Sqlite;

namespace Nyala.Bench;

/// <summary>Reads the progress of the deliveries from the database, so it counts only what is committed.</summary>
internal sealed class Progress : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _pending;
    private readonly SqliteCommand _attempted;
    private readonly SqliteParameter _after;

    public Progress(string file)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        _pending = _connection.CreateCommand();
        _pending.CommandText = "SELECT count(*) FROM queue";
        _attempted = _connection.CreateCommand();
        _attempted.CommandText =
            "SELECT count(*) FROM deliveries AS d WHERE d.id > $after AND d.state = 1 AND d.attempts = 1 "
            + "AND (d.status = 200 OR EXISTS (SELECT 1 FROM attempts WHERE delivery = d.id AND status = 200))";
        _after = _attempted.Parameters.Add("$after", SqliteType.Integer);
    }

    /// <summary>
    /// Counts the deliveries whose outcome is not on disk. This is cheap, because the queue is as small as the backlog.
    /// </summary>
    public long Pending() => (long)_pending.ExecuteScalar()!;

    /// <summary>Counts as <see cref="Pending"/> does, but only for some hooks. The deliveries of other hooks are not read.</summary>
    public long PendingOf(IEnumerable<long> hooks) =>
        Scalar($"SELECT count(*) FROM queue WHERE hook IN ({string.Join(',', hooks)})");

    /// <summary>
    /// Returns a percentile of the time from acceptance to the end of the first attempt, for deliveries of some hooks with ids above <paramref name="after"/>.
    /// </summary>
    /// <param name="expected">The number of these deliveries.</param>
    /// <exception cref="BenchException">Not all of them succeeded at their first attempt. Only such attempts are read.</exception>
    public TimeSpan Percentile(IReadOnlyList<long> hooks, long after, int expected, double part)
    {
        string of = $"FROM deliveries AS d WHERE d.started IS NOT NULL AND d.id > {after} AND d.hook IN ({string.Join(',', hooks)})";
        long count = Scalar($"SELECT count(*) {of}");
        if (count != expected)
        {
            throw new BenchException($"{count} of {expected} deliveries succeeded at their first attempt: the percentile would leave out the others.");
        }

        return TimeSpan.FromTicks(Scalar($"SELECT d.started + d.duration - d.created {of} ORDER BY 1 LIMIT 1 OFFSET {(long)(count * part)}"));
    }

    /// <summary>
    /// Counts the deliveries with ids above <paramref name="after"/> that were delivered by one recorded attempt with status 200. This is expensive.
    /// </summary>
    public long Delivered(long after = 0)
    {
        _after.Value = after;
        return (long)_attempted.ExecuteScalar()!;
    }

    /// <summary>Counts the events. This is expensive.</summary>
    public long Events() => Scalar("SELECT count(*) FROM events");

    private long Scalar(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // The values are only numbers.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    public void Dispose()
    {
        _pending.Dispose();
        _attempted.Dispose();
        _connection.Dispose();
    }
}

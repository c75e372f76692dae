using Microsoft.Data.Sqlite;

namespace Nyala.Bench;

/// <summary>Asks the database how far the deliveries are: what it says is on disk.</summary>
internal sealed class Progress : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _pending;
    private readonly SqliteCommand _attempted;

    public Progress(string file)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        _pending = _connection.CreateCommand();
        _pending.CommandText = "SELECT count(*) FROM deliveries WHERE state = 0";
        _attempted = _connection.CreateCommand();
        _attempted.CommandText =
            "SELECT count(*) FROM deliveries AS d WHERE d.state = 1 AND d.attempts = 1 AND EXISTS (SELECT 1 FROM attempts WHERE delivery = d.id AND status = 200)";
    }

    /// <summary>Deliveries whose outcome is not on disk. Cheap: the index of the pending ones is as small as the backlog.</summary>
    public long Pending() => (long)_pending.ExecuteScalar()!;

    /// <summary>As <see cref="Pending"/>, of some hooks alone: what others have waiting is not looked at.</summary>
    public long PendingOf(IEnumerable<long> hooks) =>
        Scalar($"SELECT count(*) FROM deliveries WHERE state = 0 AND hook IN ({string.Join(',', hooks)})");

    /// <summary>How long the deliveries of some hooks took from acceptance to the end of their first attempt; of those with ids above <paramref name="after"/>.</summary>
    public TimeSpan Percentile(IReadOnlyList<long> hooks, long after, double part)
    {
        string of = $"FROM deliveries AS d JOIN attempts AS a ON a.delivery = d.id AND a.number = 1 WHERE d.id > {after} AND d.hook IN ({string.Join(',', hooks)})";
        long count = Scalar($"SELECT count(*) {of}");
        return TimeSpan.FromTicks(Scalar($"SELECT a.started + a.duration - d.created {of} ORDER BY 1 LIMIT 1 OFFSET {(long)(count * part)}"));
    }

    /// <summary>Deliveries that are done, by one recorded attempt that was answered 200. Not cheap.</summary>
    public long Delivered() => (long)_attempted.ExecuteScalar()!;

    private long Scalar(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // Of numbers only.
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

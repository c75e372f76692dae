using Microsoft.Data.Sqlite;

namespace Nyala.Bench;

/// <summary>Fills the database of a stopped server as if it had been used for years.</summary>
internal sealed class Filler : IDisposable
{
    private const string Numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $count) ";

    private readonly SqliteConnection _connection;

    public Filler(string data)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "nyala.db"), Pooling = false }.ToString());
        _connection.Open();
        Run("PRAGMA synchronous = OFF");
        Run("PRAGMA cache_size = -262144");
    }

    /// <summary>Adds copies of an existing hook, each with its own event type and URL.</summary>
    public void Hooks(long like, int count) => Run(
        Numbers + "INSERT INTO hooks (id, site, event, url, insecure_ssl, secret, state, created) "
        + "SELECT h.id + n.i, h.site, h.event || '.' || n.i, h.url || '/' || n.i, 0, h.secret, 0, h.created FROM n JOIN hooks AS h ON h.id = $like",
        ("$count", count),
        ("$like", like));

    /// <summary>Adds copies of an existing hook that receive the same events at other URLs.</summary>
    public void Twins(long like, int count) => Run(
        Numbers + "INSERT INTO hooks (id, site, event, url, insecure_ssl, secret, state, created) "
        + "SELECT h.id + n.i, h.site, h.event, h.url || '/' || n.i, 0, h.secret, 0, h.created FROM n JOIN hooks AS h ON h.id = $like",
        ("$count", count),
        ("$like", like));

    /// <summary>Adds deliveries that have ended, each with its attempt. There are eight per event, spread over the hooks.</summary>
    public void Past(int count, byte[] body)
    {
        long now = TimeProvider.System.GetUtcNow().UtcTicks;
        Run(
            Numbers + "INSERT INTO events (id, type, site, body, created, first_delivery, last_delivery) "
            + "SELECT n.i * 16, 'bench.past', 'bench', $body, $now, n.i * 16 + 1, n.i * 16 + 8 FROM n",
            ("$count", count / 8),
            ("$body", body),
            ("$now", now));
        Run(
            Numbers + "INSERT INTO deliveries (id, event, hook, place, state, attempts, free, due, created, begun, started, duration, status, request, answer_headers, first_byte) "
            + "SELECT (n.i / 8) * 16 + n.i % 8 + 1, (n.i / 8) * 16, (SELECT min(id) FROM hooks) + n.i % 8, n.i % 8 + 1, 1, 1, 0, $now, $now, $now, $now, 12345, 200, $request, $answer, 12000 FROM n",
            ("$count", count),
            ("$now", now),
            ("$request", new string('h', 330)),
            ("$answer", new string('a', 90)));
    }

    /// <summary>Adds pending deliveries, spread over the hooks.</summary>
    public void Pending(int count, byte[] body)
    {
        long now = TimeProvider.System.GetUtcNow().UtcTicks;
        Run(
            Numbers + "INSERT INTO events (id, type, site, body, created, first_delivery, last_delivery) "
            + "SELECT n.i * 16, 'bench.pending', 'bench', $body, $now, n.i * 16 + 1, n.i * 16 + 1 FROM n",
            ("$count", count),
            ("$body", body),
            ("$now", now));
        Run(
            "CREATE TEMP TABLE spread AS SELECT row_number() OVER (ORDER BY id) - 1 AS place, id FROM hooks");
        Run(
            Numbers + "INSERT INTO deliveries (id, event, hook, place, state, attempts, free, due, created, begun, room) "
            + "SELECT n.i * 16 + 1, n.i * 16, s.id, 1, 0, 0, 0, $now, $now, $now, zeroblob(160) FROM n JOIN spread AS s ON s.place = n.i % (SELECT count(*) FROM spread)",
            ("$count", count),
            ("$now", now));
        Run("INSERT INTO queue (hook, due, delivery) SELECT hook, due, id FROM deliveries WHERE state = 0 ORDER BY hook, due, id");
    }

    public void Dispose()
    {
        Run("PRAGMA wal_checkpoint(TRUNCATE)");
        _connection.Dispose();
    }

    private void Run(string sql, params (string Name, object Value)[] parameters)
    {
        using SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // The SQL comes only from this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        foreach ((string name, object value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }
}

using Microsoft.Data.Sqlite;

namespace Nyala.Bench;

/// <summary>
/// Fills every table that grows, while no server uses the database, with data that makes searches hard: a hook, a site and a type with a large part of all
/// rows, others with few, and rare states.
/// </summary>
internal sealed class RecordFiller : IDisposable
{
    /// <summary>The id of the oldest hook. The ids of the other hooks follow it.</summary>
    public const long FirstHook = 1000L << 22;

    public const string BigSite = "site-0";
    public const string SmallSite = "site-7";
    public const string SeldomType = "Seldom";
    public const string SomeType = "Some";
    public const string OftenType = "PostDeployment";

    private const string Numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $count) ";

    // One event every two seconds, with four deliveries.
    private const string EventId = "(($first + n.i * 2000) << 22)";
    private const string Time = "($now - ($count - n.i) * 20000000)";

    private readonly SqliteConnection _connection;
    private readonly int _deliveries;
    private readonly long _now = TimeProvider.System.GetUtcNow().UtcTicks;

    public RecordFiller(string data, int deliveries)
    {
        _deliveries = deliveries;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "nyala.db"), Pooling = false }.ToString());
        _connection.Open();
        Run("PRAGMA synchronous = OFF");
        Run("PRAGMA journal_mode = OFF");
        Run("PRAGMA cache_size = -400000");
    }

    public int Events => _deliveries / 4;

    public int Runs => _deliveries / 5;

    public int Hooks => Math.Max(300, _deliveries / 50);

    public int Tokens => Hooks;

    public int Sites => Math.Max(100, _deliveries / 500);

    /// <summary>Returns the id of an event by its number. The oldest event has the number 1.</summary>
    public long Event(int number) => (First + (number * 2000L)) << 22;

    public static string Deployment(int number) => $"{number / 3:X}";

    private long First => ((_now - new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks) / TimeSpan.TicksPerMillisecond) - (Events * 2000L);

    public void Fill()
    {
        List<string> indexes = DropIndexes();
        Run(Numbers + $"INSERT OR IGNORE INTO sites (name, created) SELECT 'site-' || (n.i - 1), 1 FROM n", Sites);
        Run(
            Numbers + $"INSERT INTO hooks (id, site, event, url, insecure_ssl, secret, state, created) SELECT {FirstHook} + n.i - 1, "
            + $"CASE n.i % 4 WHEN 0 THEN '{BigSite}' WHEN 1 THEN 'site-' || (n.i % {Sites}) ELSE '' END, CASE n.i % 3 WHEN 0 THEN '*' ELSE '{OftenType}' END, "
            + "'https://hooks.example/run?id=' || n.i || '&sig=' || hex(randomblob(16)), 0, hex(randomblob(60)), CASE n.i % 100 WHEN 7 THEN 1 WHEN 8 THEN 3 WHEN 9 THEN 2 ELSE 0 END, 1 FROM n",
            Hooks);
        Run(Numbers + "INSERT INTO tokens (id, name, hash, scopes, created) SELECT n.i, 'token-' || n.i, randomblob(32), 1, 1 FROM n", Tokens);
        Run(
            Numbers + $"INSERT INTO events (id, type, site, body, created, first_delivery, last_delivery, deployment) SELECT {EventId}, CASE WHEN n.i % {Math.Max(2, Events / 12)} = 7 THEN '{SeldomType}' "
            + $"WHEN n.i % 250 = 3 THEN '{SomeType}' WHEN n.i % 10 = 1 THEN 'Built' ELSE '{OftenType}' END, CASE WHEN n.i % 2 = 0 THEN '{BigSite}' ELSE 'site-' || (n.i % {Sites}) END, "
            + $"randomblob(400), {Time}, {EventId} + 1, {EventId} + 4, CASE WHEN n.i % 10 = 1 THEN NULL WHEN n.i % 3 = 0 THEN 'again' ELSE printf('%X', n.i / 3) END FROM n",
            Events);
        for (int place = 0; place < 4; place++)
        {
            FillDeliveries(place);
        }

        Run("INSERT INTO attempts (delivery, number, started, duration, status, request) SELECT id, 1, created, 1, 200, 'content-type: application/json' FROM deliveries WHERE state IN (2, 3)");
        Run("INSERT INTO queue (hook, due, delivery) SELECT hook, due, id FROM deliveries WHERE state = 0 ORDER BY hook, due, id");
        Run(
            Numbers + "INSERT INTO runs (id, site, deployment, number, latest, status, status_text, author_email, author, deployer, message, progress, received, started, ended, active, "
            + $"heard, silent_after, given_up, performed) SELECT (($first + n.i * 2500) << 22) + 9, CASE WHEN n.i % 2 = 0 THEN '{BigSite}' ELSE 'site-' || (n.i % {Sites}) END, printf('%X', n.i), 1, 1, "
            + "CASE WHEN n.i > $count - 10 THEN 1 WHEN n.i % 10 = 3 THEN 3 ELSE 4 END, '', 'a@example.com', 'Someone', CASE WHEN n.i % 1000 = 5 THEN 'odd' ELSE 'CI' END, 'message ' || n.i, '', "
            + $"{Time}, {Time}, CASE WHEN n.i > $count - 10 THEN NULL ELSE {Time} + 10000000 END, 0, $now, 36000000000, 0, n.i % 50 = 4 FROM n",
            Runs);
        Run(
            Numbers + "INSERT INTO audit (id, time, actor, action, target, details) SELECT n.i, 1, 'admin', CASE WHEN n.i % 100000 = 9 THEN 'site.removed' WHEN n.i % 3 = 0 THEN 'hook.created' "
            + "ELSE 'hook.changed' END, CASE WHEN n.i % 2 = 0 THEN '5' ELSE '' || (n.i % 1000) END, '{}' FROM n",
            Runs);
        Run(
            Numbers + $"INSERT INTO redeliveries (id, hook, state, since, until, cursor, created, ended) SELECT n.i, {FirstHook} + n.i % 10, 2, 1, 2, 3, 1, 2 FROM n",
            Runs / 10);
        indexes.ForEach(index => Run(index));
    }

    public void Dispose()
    {
        Run("PRAGMA journal_mode = WAL");
        _connection.Dispose();
    }

    /// <summary>Adds one delivery for each event: for place 0 all to one hook, for place 1 to a hundred hooks, for other places to all hooks.</summary>
    private void FillDeliveries(int place)
    {
        string hook = place switch { 0 => "1", 1 => "n.i % 100", _ => $"(n.i * 7919 + {place} * 31) % {Hooks}" };
        Run(
            Numbers + "INSERT INTO deliveries (id, event, hook, place, state, attempts, free, due, created, begun) "
            + $"SELECT {EventId} + 1 + {place}, {EventId}, {FirstHook} + {hook}, {place} + 1, "
            + "CASE WHEN n.i < $count / 50 AND n.i % 2 = 1 THEN 0 WHEN n.i > $count - $count / 50 AND n.i % 10 = 3 THEN 0 WHEN n.i % 100 = 2 THEN 2 WHEN n.i % 200 = 5 THEN 3 ELSE 1 END, "
            + $"1, 0, {Time}, {Time}, {Time} FROM n",
            Events);

        Run("UPDATE deliveries SET started = created, duration = 1, status = 200, request = 'content-type: application/json' WHERE state = 1 AND started IS NULL");

        // Due so late that nothing is sent during the measurement.
        Run("UPDATE deliveries SET due = $now * 2, room = zeroblob(160) WHERE state = 0");
    }

    /// <summary>Drops all indexes and returns their SQL. Creating them after the rows takes a fraction of the time.</summary>
    private List<string> DropIndexes()
    {
        var indexes = new List<(string Name, string Sql)>();
        using (SqliteCommand command = _connection.CreateCommand())
        {
            command.CommandText = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
            using SqliteDataReader rows = command.ExecuteReader();
            while (rows.Read())
            {
                indexes.Add((rows.GetString(0), rows.GetString(1)));
            }
        }

        indexes.ForEach(index => Run($"DROP INDEX {index.Name}"));
        return [.. indexes.Select(index => index.Sql)];
    }

    private void Run(string sql, int count = 0)
    {
        using SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // The SQL comes only from this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        foreach ((string name, long value) in ((string, long)[])[("$count", count), ("$first", First), ("$now", _now)])
        {
            if (sql.Contains(name, StringComparison.Ordinal))
            {
                command.Parameters.AddWithValue(name, value);
            }
        }

        command.ExecuteNonQuery();
    }
}

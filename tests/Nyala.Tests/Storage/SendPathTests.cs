using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Nyala.Server.Storage;
using Nyala.Server.Storage.Sqlite;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

/// <summary>
/// Convoy 1712, webhookx 354: large tables of attempts slowed down sending. In Nyala, no statement between a publish and its outcome scans
/// a table, and deliveries are read only by their id. The pending ones are found in the queue.
/// </summary>
public sealed partial class SendPathTests : IDisposable
{
    private static readonly DateTimeOffset Now = SignalClock.Beginning;

    private readonly TempFolder _folder = new();

    private string Connection => $"Data Source={_folder.In("nyala.db")};Pooling=False";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_statement_of_the_send_path_scans_a_table_or_reads_ended_deliveries()
    {
        await using (SqliteStore store = SqliteStore.Open(_folder.In("nyala.db"), Some.StorageInstruments()))
        {
        }

        using var session = new Session(Connection);
        Send(new SqliteTables(session));
        string[] statements = [.. session.Texts];
        Assert.True(statements.Length >= 15, $"{statements.Length} statements are fewer than the send path has.");

        Assert.Empty(statements.SelectMany(text => TooMuch(text).Select(step => $"{step}: {text}")));
    }

    [Theory]
    [InlineData("SELECT id FROM deliveries WHERE state = 1 AND due < 5")]
    [InlineData("SELECT id FROM deliveries WHERE hook = 1 AND state = 0 + 0 ORDER BY due")]
    [InlineData("SELECT id FROM deliveries INDEXED BY deliveries_undone WHERE state IN (2, 3)")]
    [InlineData("SELECT delivery FROM queue WHERE due < 5")]
    [InlineData("SELECT q.delivery FROM queue AS q ORDER BY q.due")]
    [InlineData("SELECT number FROM attempts WHERE started > 5")]
    [InlineData("SELECT id FROM hooks WHERE url LIKE 'http%'")]
    [InlineData("UPDATE deliveries SET due = 1 WHERE event + 0 = 7")]
    public void The_check_detects_statements_that_read_too_much(string statement)
    {
        using (new Session(Connection))
        {
            SqliteMigrations.Apply(Connection);
        }

        Assert.NotEmpty(TooMuch(statement));
    }

    /// <summary>Makes every call that the server makes to its tables between a publish and the record of its attempt.</summary>
    private static void Send(ITables tables)
    {
        var hook = new HookRecord { Id = 1, Event = "Built", Url = "http://127.0.0.1/", Secret = "x", Created = Now };
        tables.Hooks.Insert(hook);
        var ids = new IdSource(TimeProvider.System);
        var accepted = new EventToAccept(2, "Built", "shop", "{}"u8.ToArray()) { Key = new EventKey("k", [1], TimeSpan.FromHours(1)), Matches = _ => true };
        AcceptedDelivery delivery = Assert.Single(Assert.Single(tables.Queue.Accept([accepted], ids, TimeProvider.System)).Deliveries);

        DateTimeOffset later = TimeProvider.System.GetUtcNow();
        tables.Queue.HooksWithWork(later);
        tables.Hooks.NextEpoch(1);
        DueDelivery due = Assert.Single(tables.Queue.ReadPage(new LaneQuery(1, later, new HashSet<long>(), 10, 1000)).Due);

        var failed = new AttemptRecord(delivery.Id, 1, Now, TimeSpan.Zero, 500, "no", null, null, null, default);
        var retried = new Settlement(1, 1, delivery.Id, due.Due, DeliveryState.Pending, later, failed, Spent: true, Reason: null)
        {
            Last = new LastAttempt("OK", null, Now, 2),
            Rendered = new RenderedBody("text/plain", [1]),
        };
        tables.Queue.Settle([retried]);
        tables.Queue.Settle([retried with { WasDue = Now, State = DeliveryState.Delivered, Attempt = failed with { Status = 200, Reason = null } }]);
        tables.Hooks.SetHealth(1, default);
        tables.Hooks.SetState(1, HookState.Active, null, Now);
        tables.Queue.EndAsGone(1, "gone", Now, 10);
        tables.Queue.Expire(Now, Now, "over", 10);
    }

    // The hooks that match an event are sorted. There are only as many as get a delivery.
    private IEnumerable<string> TooMuch(string statement) => Plan(statement).Where(step =>
        IsTooMuch(step) || (step.Contains("TEMP B-TREE", StringComparison.Ordinal) && !statement.Contains("FROM hooks WHERE event IN", StringComparison.Ordinal)));

    private static bool IsTooMuch(string step) =>
        Table().IsMatch(step)
        || (step.Contains(" deliveries", StringComparison.Ordinal) || step.Contains(" d ", StringComparison.Ordinal)
            ? !step.Contains("INTEGER PRIMARY KEY", StringComparison.Ordinal)
            : step.StartsWith("SEARCH attempts", StringComparison.Ordinal) && !step.Contains("PRIMARY KEY", StringComparison.Ordinal));

    private List<string> Plan(string statement)
    {
        using var connection = new SqliteConnection(Connection);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // No statement contains untrusted input.
        command.CommandText = "EXPLAIN QUERY PLAN " + statement;
#pragma warning restore CA2100
        foreach (string name in Parameters().Matches(statement).Select(match => match.Value).Distinct().Where(name => name.Length > 1))
        {
            command.Parameters.AddWithValue(name, 1);
        }

        var steps = new List<string>();
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            steps.Add(rows.GetString(3));
        }

        return steps;
    }

    // Scans are allowed for the list of hooks with pending deliveries, and for a row without a table.
    [GeneratedRegex("^SCAN (?!queued|CONSTANT)")]
    private static partial Regex Table();

    [GeneratedRegex(@"\?\d*")]
    private static partial Regex Parameters();
}

using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Nyala.Client;
using Nyala.Server.Access;
using Nyala.Server.Storage;
using Nyala.Server.Storage.Sqlite;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

/// <summary>
/// The cost of no statement grows with its table. Every method of every table is called with every kind of argument, and the query plan of each
/// statement is checked. A list that scans or sorts a table takes seconds once the table has millions of rows.
/// </summary>
public sealed partial class QueryPlanTests : IDisposable
{
    private static readonly DateTimeOffset Now = SignalClock.Beginning;

    /// <summary>Statements that may read or sort more rows than they return: a part of their text, and the reason.</summary>
    private static readonly (string Text, string Reason)[] Allowed =
    [
        ("FROM hooks WHERE event IN", "It sorts the hooks that an event matches; each of them gets a delivery."),
        ("SELECT created FROM events ORDER BY id DESC LIMIT 1", "It reads one row at the table's end."),
        ("FROM seals", "There is a seal for each key, and a start reads them all."),
        ("SELECT id, secret, old_secret", "Runs once, at the first start on a database without seals, to check that its secrets can be decrypted."),
        ("SELECT site, name, value FROM site_settings", "Runs once, at the first start on a database without seals, to check that its secrets can be decrypted."),
        ("UPDATE hooks SET held_until = held_until", "Runs once after a clock was set back, and reads every hook."),
        ("UPDATE deliveries SET due = due -", "Runs once after a clock was set back, and changes every pending delivery."),
        ("UPDATE queue SET due = due -", "Runs once after a clock was set back, and changes every pending delivery."),
        ("SELECT 1 FROM queue LIMIT", "It counts pending deliveries up to a limit."),
    ];

    private readonly TempFolder _folder = new();

    private string Connection => $"Data Source={_folder.In("nyala.db")};Pooling=False";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_statement_scans_a_table_or_sorts_its_rows()
    {
        SqliteMigrations.Apply(Connection);
        using var session = new Session(Connection);
        ITables tables = new SqliteTables(session);
        Fill(session, tables);
        foreach (PropertyInfo table in typeof(ITables).GetProperties())
        {
            foreach (MethodInfo verb in table.PropertyType.GetMethods())
            {
                Call(table.GetValue(tables)!, verb);
            }
        }

        string[] statements = [.. session.Texts];

        Assert.True(statements.Length >= 130, $"{statements.Length} statements are fewer than the tables have.");
        Assert.Empty(statements.Where(text => !Allowed.Any(one => text.Contains(one.Text, StringComparison.Ordinal)))
            .SelectMany(text => TooMuch(text).Select(step => $"{step}: {text}")));
        Assert.All(Allowed, one => Assert.Contains(statements, text => text.Contains(one.Text, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("SELECT id FROM events WHERE site = 'a' COLLATE BINARY")]
    [InlineData("SELECT id FROM runs WHERE latest = 1 ORDER BY ended DESC LIMIT 1")]
    [InlineData("SELECT id FROM deliveries INDEXED BY deliveries_undone WHERE state IN (2, 3) ORDER BY id DESC LIMIT 9")]
    [InlineData("SELECT id FROM audit WHERE action = coalesce(?, action) ORDER BY id DESC LIMIT 9")]
    [InlineData("SELECT id FROM tokens WHERE name = 'a'")]
    [InlineData("SELECT delivery FROM queue WHERE due < 5")]
    public void The_check_detects_a_statement_that_scans_or_sorts(string statement)
    {
        SqliteMigrations.Apply(Connection);

        Assert.NotEmpty(TooMuch(statement));
    }

    /// <summary>Adds so many rows that every way to run a search is used, including the ways for large results.</summary>
    private static void Fill(Session session, ITables tables)
    {
        session.Use("BEGIN").Run();
        for (int i = 1; i <= Nyala.Server.Storage.Sqlite.DeliverySearch.FewHooks + 1; i++)
        {
            tables.Hooks.Insert(Some.StoredHook(i) with { Site = "many" });
        }

        tables.Hooks.Insert(Some.StoredHook(1000) with { Site = "few" });
        tables.Hooks.Insert(Some.StoredHook(1001) with { Site = "few" });
        tables.Hooks.Insert(Some.StoredHook(1002) with { Site = "few" });
        for (int i = 1; i <= BoundedScan.MaxExamined + 1; i++)
        {
            long id = 10_000 + (2L * i);
            tables.Events.Insert(new EventRecord(id, "Many", "many", [1], Now, "many"));
            tables.AddDelivery(id + 1, id, 1000, Now);
        }

        tables.Events.Insert(new EventRecord(5000, "Few", "few", [1], Now, "few"));
        tables.AddDelivery(5001, 5000, 1001, Now);
        tables.RecordAttempt(new AttemptRecord(5001, 1, Now, TimeSpan.Zero, 500, "no", null, null, null, default));
        session.Use("COMMIT").Run();
    }

    private static void Call(object table, MethodInfo verb)
    {
        foreach (object?[] arguments in Combine([.. verb.GetParameters().Select(Values)]))
        {
            try
            {
                verb.Invoke(table, arguments);
            }
            catch (TargetInvocationException error) when (error.InnerException is SqliteException)
            {
                // For example, the same id twice. The statement was prepared, and only its plan matters.
            }
        }
    }

    private static IEnumerable<object?[]> Combine(object?[][] values) => values.Aggregate(
        (IEnumerable<object?[]>)[[]], (combined, next) => combined.SelectMany(before => next.Select(value => (object?[])[.. before, value])));

    private static object?[] Values(ParameterInfo parameter)
    {
        bool mayBeNull = Nullable.GetUnderlyingType(parameter.ParameterType) is not null
            || (!parameter.ParameterType.IsValueType && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable);
        object?[] values = ValuesOf(Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType);
        return mayBeNull ? [null, .. values] : values;
    }

    private static object?[] ValuesOf(Type type) => type switch
    {
        _ when type == typeof(long) => [0L, 1L],
        _ when type == typeof(int) => [9],
        _ when type == typeof(bool) => [true],
        _ when type == typeof(string) => ["few"],
        _ when type == typeof(DateTimeOffset) => [Now],
        _ when type == typeof((DateTimeOffset, long)) => [(Now, 1L)],
        _ when type == typeof(TimeSpan) => [TimeSpan.FromSeconds(1)],
        _ when type.IsEnum => [.. Enum.GetValues(type).Cast<object>()],
        _ when type == typeof(Period) => [new Period(Now, Now.AddDays(1))],
        _ when type == typeof(IReadOnlySet<long>) => [new HashSet<long>()],
        _ when type == typeof(IReadOnlyCollection<HookState>) => [(HookState[])[HookState.Active], (HookState[])[HookState.Active, HookState.Gone]],
        _ when type == typeof(DeliveryQuery) => [.. Queries()],
        _ when type == typeof(EventQuery) => [.. EventQueries()],
        _ when type == typeof(HookRecord) => [Some.StoredHook(2000)],
        _ when type == typeof(HookHealth) => [default(HookHealth)],
        _ when type == typeof(LastAttempt) => [new LastAttempt("OK", null, Now, 1)],
        _ when type == typeof(EventRecord) => [new EventRecord(7000, "Few", "few", [1], Now)],
        _ when type == typeof(AttemptRecord) => [new AttemptRecord(7001, 1, Now, TimeSpan.Zero, 500, "no", null, null, null, default)],
        _ when type == typeof(IReadOnlyList<LogRecord>) => [(LogRecord[])[new LogRecord(1, 0, Now, LogEntryType.Message, "line", HasDetails: false)]],
        _ when type == typeof(LogExtent) => [new LogExtent(1000, 1, 0, 0)],
        _ when type == typeof(RunRecord) => [new RunRecord { Id = 8000, Site = "few", Deployment = "abc", Status = DeploymentStatus.Success, Ended = Now, Active = true }],
        _ when type == typeof(SiteRecord) => [SiteRecord.New("few", Now)],
        _ when type == typeof(SiteSetting) => [new SiteSetting("A", "b")],
        _ when type == typeof(TokenRecord) => [new TokenRecord { Id = 1, Name = "a", Hash = new byte[32], Scopes = Scopes.Read, Created = Now }],
        _ when type == typeof(AuditRecord) => [new AuditRecord(1, Now, Actor.Server, "a", "b", null, "{}")],
        _ when type == typeof(RedeliveryRecord) => [new RedeliveryRecord(1, 1, DeliveryState.Failed, Now, Now, 0, 0, Now)],
        _ when type == typeof(RenderedBody) => [new RenderedBody("text/plain", [1])],
        _ when type == typeof(SealRecord) => [new SealRecord("k", "s")],
        _ when type == typeof(PushWebhookRecord) => [new PushWebhookRecord("few", "d", "c", "abc", 1, Now)],
        _ when type == typeof(IReadOnlyList<EventToAccept>) =>
        [
            (EventToAccept[])[new(7100, "Few", "few", [1]) { Key = new EventKey("k", [1], TimeSpan.FromHours(1)), Matches = _ => true }],
        ],
        _ when type == typeof(IdSource) => [new IdSource(TimeProvider.System)],
        _ when type == typeof(TimeProvider) => [TimeProvider.System],
        _ when type == typeof(IReadOnlyList<Settlement>) => [.. Settlements()],
        _ when type == typeof(LaneQuery) => [new LaneQuery(1001, Now, new HashSet<long>(), 9, 9)],
        { IsGenericType: true } when type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) =>
            [Activator.CreateInstance(type, [.. type.GetGenericArguments().Select(part => ValuesOf(part)[0])])],
        _ => throw new NotSupportedException($"This test must be taught what a {type} may be."),
    };

    private static IEnumerable<Settlement[]> Settlements()
    {
        var attempt = new AttemptRecord(5001, 1, Now, TimeSpan.Zero, 200, null, null, null, null, default);
        var retried = new Settlement(1001, 0, 5001, Now, DeliveryState.Pending, Now, attempt, Spent: true, Reason: null) { Last = new LastAttempt("OK", null, Now, 1), Rendered = new RenderedBody("text/plain", [1]) };
        return [[retried], [retried with { State = DeliveryState.Delivered, GoneReason = "gone" }]];
    }

    private static IEnumerable<DeliveryQuery> Queries() =>
        from hook in (long?[])[null, 1000, 1001]
        from @event in (long?[])[null, 5000]
        from type in (string?[])[null, "Many", "Few"]
        from deployment in (string?[])[null, "many", "few"]
        from site in (string?[])[null, "many", "few"]
        from state in (DeliveryState?[])[null, .. Enum.GetValues<DeliveryState>().Select(state => (DeliveryState?)state)]
        select new DeliveryQuery { Hook = hook, Event = @event, Type = type, Deployment = deployment, Site = site, State = state, Limit = 1 };

    private static IEnumerable<EventQuery> EventQueries() =>
        from type in (string?[])[null, "Many", "Few"]
        from deployment in (string?[])[null, "many", "few"]
        from site in (string?[])[null, "many", "few"]
        select new EventQuery { Type = type, Deployment = deployment, Site = site, Limit = 1 };

    private IEnumerable<string> TooMuch(string statement) =>
        Plan(statement).Where(step => EndToEnd().IsMatch(step) || step.Contains("TEMP B-TREE", StringComparison.Ordinal) || step.Contains("AUTOMATIC", StringComparison.Ordinal));

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

    // Scans are allowed for a row without a table, a statement's own lists, runs whose logs are being deleted, and the indexes of running or
    // unfinished rows, which contain nothing that has ended. Only one row of the last index is read.
    [GeneratedRegex(@"^SCAN (?!CONSTANT|queued|removed_logs|\(|\w+ USING (COVERING )?INDEX (runs_unfinished|runs_performing|redeliveries_running|runs_last_ended)\b)")]
    private static partial Regex EndToEnd();

    [GeneratedRegex(@"\?\d*")]
    private static partial Regex Parameters();
}

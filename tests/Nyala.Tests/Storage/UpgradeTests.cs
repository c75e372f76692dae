using DbUp;
using DbUp.Engine.Output;
using Microsoft.Data.Sqlite;
using Nyala.Server.Storage;
using Nyala.Server.Storage.Sqlite;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

/// <summary>A database of an earlier version keeps all its entries when it is opened.</summary>
public sealed class UpgradeTests : IDisposable
{
    private static readonly DateTimeOffset Now = SignalClock.Beginning;

    private readonly TempFolder _folder = new();

    private string File => _folder.In("nyala.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Deliveries_from_before_the_queue_are_pending_or_in_the_history_as_they_were()
    {
        // Two events with interleaved ids: a pending delivery, a retried one, a delivered one and a failed one.
        Make(
            before: "0014",
            $"""
            INSERT INTO hooks (id, site, event, url, insecure_ssl, secret, state, created) VALUES (7, '', 'Built', 'http://127.0.0.1/', 0, 'x', 0, 1);
            INSERT INTO events (id, type, site, body, created) VALUES (100, 'Built', 'shop', x'7b7d', 5), (101, 'Built', 'shop', x'7b7d', 5);
            INSERT INTO deliveries (id, event, hook, state, attempts, free, due, created, begun) VALUES
                (102, 100, 7, 0, 0, 0, 10, 5, 5), (103, 101, 7, 0, 1, 1, {Now.AddHours(1).UtcTicks}, 5, 5), (104, 100, 7, 1, 1, 0, 20, 5, 5), (105, 101, 7, 2, 3, 0, 30, 5, 5);
            INSERT INTO attempts (delivery, number, started, duration, status, request) VALUES (104, 1, 6, 7, 200, 'A: b'), (105, 3, 8, 9, 500, 'C: d');
            """);

        await using IStore store = SqliteStore.Open(File, Some.StorageInstruments());

        LanePage page = await store.ReadPageAsync(new LaneQuery(7, Now, new HashSet<long>(), 9, long.MaxValue));
        Assert.Equal((102, true, Now.AddHours(1)), (Assert.Single(page.Due).Id, page.Whole, page.NextDue));
        Assert.Equal(2, await ReadAsync(store, tables => tables.Queue.Count(9)));
        Assert.Equal((2, 1), await ReadAsync(store, tables => tables.Deliveries.CountOfEvent(100)));
        Assert.Equal([105, 103], await ReadAsync(store, tables => Ids(tables, new DeliveryQuery { Event = 101, Limit = 9 })));
        Assert.Equal([103, 102], await ReadAsync(store, tables => Ids(tables, new DeliveryQuery { State = DeliveryState.Pending, Limit = 9 })));
        Assert.Equal([105], await ReadAsync(store, tables => Ids(tables, new DeliveryQuery { State = DeliveryState.Failed, Limit = 9 })));
        Assert.Equal((200, "A: b"), await ReadAsync(store, tables => (tables.Deliveries.LastAttempt(104)!.Status, Assert.Single(tables.Deliveries.Attempts(104)).Request)));

        // The next events are added beside them.
        var accepted = new EventToAccept(200, "Built", "shop", [1]) { Matches = _ => true };
        AcceptedDelivery delivery = Assert.Single((await store.AcceptAsync([accepted], new IdSource(TimeProvider.System, store.NewestId), TimeProvider.System))[0].Deliveries);
        Assert.Equal([delivery.Id], await ReadAsync(store, tables => Ids(tables, new DeliveryQuery { Event = 200, Limit = 9 })));
    }

    private static List<long> Ids(ITables tables, DeliveryQuery query) => [.. tables.Deliveries.Search(query).Entries.Select(delivery => delivery.Id)];

    private static Task<T> ReadAsync<T>(IStore store, Func<ITables, T> query) => store.ReadAsync(query, TestContext.Current.CancellationToken);

    /// <summary>Creates a database as it was before a script, with some entries.</summary>
    private void Make(string before, string entries)
    {
        string connection = $"Data Source={File};Pooling=False";
        Assert.True(DeployChanges.To.SqliteDatabase(connection)
            .WithScriptsEmbeddedInAssembly(typeof(SqliteStore).Assembly, name => name.Contains(".Migrations.", StringComparison.Ordinal) && string.CompareOrdinal(name[(name.IndexOf(".Migrations.", StringComparison.Ordinal) + 12)..], before) < 0)
            .WithTransaction()
            .LogTo(new NoOpUpgradeLog())
            .Build()
            .PerformUpgrade()
            .Successful);
        using var database = new SqliteConnection(connection);
        database.Open();
        using SqliteCommand command = database.CreateCommand();
#pragma warning disable CA2100 // The SQL comes only from this file.
        command.CommandText = entries;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}

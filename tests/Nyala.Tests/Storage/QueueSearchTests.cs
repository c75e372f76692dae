using CsCheck;
using Nyala.Server.Storage.Sqlite;
using Nyala.Tests.Cli.Support;

namespace Nyala.Tests.Storage;

/// <summary>The newest pending deliveries are those that a sort of the whole queue gives, in any order of hooks and due times.</summary>
public sealed class QueueSearchTests : IDisposable
{
    private const int Rows = 6000;
    private const int Hooks = 2;

    private readonly TempFolder _folder = new();

    private string Connection => $"Data Source={_folder.In("nyala.db")};Pooling=False";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_newest_deliveries_are_those_of_a_sort()
    {
        SqliteMigrations.Apply(Connection);
        using var session = new Session(Connection);
        var search = new QueueSearch(session);
        long[]?[] choices = [null, [0], [1], [1, 0], [1, 2]];
        Gen<long[]?> hooks = Gen.Int[0, choices.Length - 1].Select(choice => choices[choice]);
        Gen<long> before = Gen.Frequency((1, Gen.Long[0, Rows]), (3, Gen.Const(long.MaxValue)));
        Gen<long> from = Gen.Frequency((1, Gen.Long[0, Rows]), (3, Gen.Const(0L)));
        Gen.Select(Gen.Enum<DueOrder>(), Gen.Int, hooks, before, from, Gen.Int[1, Rows]).Sample(
            (order, seed, of, end, start, limit) =>
            {
                List<(long Hook, long Due, long Id)> queue = Fill(session, order, new Random(seed));

                List<long>? found = search.Newest(of, end, start, limit);

                Assert.Equal(
                    queue.Where(row => of?.Contains(row.Hook) != false && row.Id < end && row.Id >= start).Select(row => row.Id).OrderDescending().Take(limit),
                    found);
            },
            iter: 40, threads: 1);
    }

    [Fact]
    public void A_queue_with_too_many_rows_is_not_searched_but_a_hook_with_few_of_them_is()
    {
        SqliteMigrations.Apply(Connection);
        using var session = new Session(Connection);
        var search = new QueueSearch(session);
        session.Use("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO queue (hook, due, delivery) SELECT 1, i, i FROM n")
            .Bind(QueueSearch.MaxCompared).Run();

        Assert.Equal([QueueSearch.MaxCompared], search.Newest(null, long.MaxValue, 0, 1));

        session.Use("INSERT INTO queue (hook, due, delivery) VALUES (2, 1, 1000000)").Run();

        Assert.Null(search.Newest(null, long.MaxValue, 0, 1));
        Assert.Null(search.Newest([1, 2], long.MaxValue, 0, 1));
        Assert.Equal([QueueSearch.MaxCompared], search.Newest([1], long.MaxValue, 0, 1));
        Assert.Equal([1_000_000L], search.Newest([2], long.MaxValue, 0, 1));
    }

    private static List<(long Hook, long Due, long Id)> Fill(Session session, DueOrder order, Random random)
    {
        session.Use("BEGIN").Run();
        session.Use("DELETE FROM queue").Run();
        var queue = new List<(long Hook, long Due, long Id)>();
        for (long id = 1; id <= Rows; id++)
        {
            long due = order switch
            {
                DueOrder.Same => 7,
                DueOrder.Random => random.Next(Rows),
                DueOrder.OfIds => id,
                _ => Rows - id,
            };
            queue.Add((random.Next(Hooks), due, id));
            session.Use("INSERT INTO queue (hook, due, delivery) VALUES (?, ?, ?)").Bind(queue[^1].Hook).Bind(due).Bind(id).Run();
        }

        session.Use("COMMIT").Run();
        return queue;
    }

    private enum DueOrder
    {
        Same,
        Random,
        OfIds,
        OppositeToIds,
    }
}

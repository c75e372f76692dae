using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

/// <summary>The tests that every store must pass, whatever its database. Each kind of store derives from this class and opens its database.</summary>
public abstract partial class StoreConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new DateTimeOffset(2026, 2, 27, 17, 45, 6, TimeSpan.Zero).AddTicks(1234567);

    private IStore? _store;

    private IStore Store => _store!;

    /// <summary>Opens the test's database, or opens the same one again.</summary>
    private protected abstract IStore Open();

    public ValueTask InitializeAsync()
    {
        _store = Open();
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
    }

    [Fact]
    public async Task A_failed_write_is_undone_and_the_other_writes_of_its_commit_are_kept()
    {
        using var gate = new ManualResetEventSlim();

        // While the first write blocks the writer, the others queue and share the next commit.
        Task<bool> first = Store.WriteAsync(_ => gate.Wait(TimeSpan.FromSeconds(30)));
        Task<string> before = Store.WriteAsync(tables => tables.Sites.Touch("before", Now));
        Task<string> failing = Store.WriteAsync<string>(tables => throw new InvalidOperationException(tables.Sites.Touch("lost", Now)));
        Task<string> after = Store.WriteAsync(tables => tables.Sites.Touch("after", Now));
        gate.Set();

        Assert.True(await first);
        Assert.Equal(("before", "after"), (await before, await after));
        Assert.Equal("lost", (await Assert.ThrowsAsync<InvalidOperationException>(() => failing)).Message);
        Assert.Equal(("before", null, "after"), await ReadAsync(tables => (tables.Sites.Find("before")?.Name, tables.Sites.Find("lost")?.Name, tables.Sites.Find("after")?.Name)));
    }

    [Fact]
    public async Task Only_the_write_that_the_database_refuses_is_undone()
    {
        using var gate = new ManualResetEventSlim();
        Task<bool> first = Store.WriteAsync(_ => gate.Wait(TimeSpan.FromSeconds(30)));
        Task before = AddAsync(Hook(1));
        Task failing = Store.WriteAsync(tables =>
        {
            tables.Sites.Touch("lost", Now);
            tables.Hooks.Insert(Hook(2) with { Url = Hook(1).Url });
            return true;
        });
        Task after = AddAsync(Hook(3));
        gate.Set();

        await Task.WhenAll(first, before, after);
        await Assert.ThrowsAnyAsync<Exception>(() => failing);
        Assert.Null(await ReadAsync(tables => tables.Sites.Find("lost")?.Name));
        Assert.Equal([1, 3], await ReadAsync(tables => tables.Hooks.All().Select(hook => hook.Id).ToList()));
    }

    [Fact]
    public async Task Concurrent_writes_each_get_their_own_result()
    {
        int[] results = await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => Store.WriteAsync(tables =>
        {
            tables.Sites.Touch("site-" + i, Now);
            return i;
        })));

        Assert.Equal(Enumerable.Range(0, 2000), results);
        Assert.Equal("site-1999", await ReadAsync(tables => tables.Sites.Find("site-1999")?.Name));
    }

    [Fact]
    public async Task A_completed_write_can_be_read_at_once_and_after_reopening()
    {
        await Store.WriteAsync(tables => tables.Sites.Touch("kept", Now));
        Assert.Equal("kept", await ReadAsync(tables => tables.Sites.Find("kept")?.Name));

        await Store.DisposeAsync();
        _store = Open();

        Assert.Equal("kept", await ReadAsync(tables => tables.Sites.Find("kept")?.Name));
    }

    [Fact]
    public async Task Writes_that_are_queued_when_the_store_closes_are_completed()
    {
        using var gate = new ManualResetEventSlim();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        Task<bool> first = Store.WriteAsync(_ => gate.Wait(TimeSpan.FromSeconds(30)));
        List<Task<string>> queued = [.. Enumerable.Range(0, 50).Select(i => Store.WriteAsync(tables => tables.Sites.Touch("site-" + i, Now)))];

        // The store is closing once it refuses new writes. Only then may the queue continue.
        Task close = Task.Run(async () => await Store.DisposeAsync(), TestContext.Current.CancellationToken);
        while (Store.WriteAsync(tables => tables.Sites.Touch("late", Now)) is { IsFaulted: false } late)
        {
            queued.Add(late);
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        gate.Set();
        await close.InTimeAsync();

        Assert.True(await first);
        await Task.WhenAll(queued).InTimeAsync();
        _store = Open();
        Assert.Equal("site-49", await ReadAsync(tables => tables.Sites.Find("site-49")?.Name));
    }

    [Fact]
    public async Task A_read_cannot_write()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => ReadAsync(tables => tables.Sites.Touch("sneaked", Now)));

        Assert.Null(await ReadAsync(tables => tables.Sites.Find("sneaked")?.Name));
        await Store.WriteAsync(tables => tables.Sites.Touch("allowed", Now));
    }

    [Fact]
    public async Task A_read_sees_one_snapshot_despite_concurrent_writes()
    {
        using var reading = new ManualResetEventSlim();
        using var written = new ManualResetEventSlim();
        Task<(string?, string?)> read = ReadAsync(tables =>
        {
            string? before = tables.Sites.Find("late")?.Name;
            reading.Set();
            Assert.True(written.Wait(TimeSpan.FromSeconds(30)));
            return (before, tables.Sites.Find("late")?.Name);
        });
        Assert.True(reading.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        await Store.WriteAsync(tables => tables.Sites.Touch("late", Now));
        written.Set();

        Assert.Equal((null, null), await read);
        Assert.Equal("late", await ReadAsync(tables => tables.Sites.Find("late")?.Name));
    }

    [Fact]
    public async Task A_query_that_throws_does_not_affect_later_queries()
    {
        await Store.WriteAsync(tables => tables.Sites.Touch("shop", Now));
        for (int i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync<int>(_ => throw new InvalidOperationException("x")));
            Assert.Equal("shop", await ReadAsync(tables => tables.Sites.Find("shop")?.Name));
        }
    }

    [Fact]
    public async Task A_canceled_read_throws_OperationCanceledException()
    {
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ReadAsync(tables => tables.Sites.Find("x")?.Name, ended.Token));
    }

    [Fact]
    public async Task A_closed_store_throws_StoreUnavailableException()
    {
        await Store.DisposeAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => ReadAsync(tables => tables.Sites.Find("x")?.Name));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Store.WriteAsync(tables => tables.Sites.Touch("x", Now)));
        await Store.DisposeAsync();
    }

    private Task<T> ReadAsync<T>(Func<ITables, T> query) => Store.ReadAsync(query, TestContext.Current.CancellationToken);

    private Task WriteAsync(Action<ITables> work) => Store.WriteAsync(tables =>
    {
        work(tables);
        return true;
    });
}

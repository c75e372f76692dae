using Nyala.Server.Delivery;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Delivery;

public sealed class EpochsTests
{
    [Fact]
    public async Task Those_that_are_asked_for_during_a_write_share_the_next_one()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using var store = new CountedStore(server.Store);
        long[] hooks = [.. await Task.WhenAll(Enumerable.Range(0, 40).Select(async number => (await HookUnderTest.AddAsync(server, $"http://127.0.0.1:9/{number}")).Number))];
        var epochs = new Epochs(store);

        var hold = new TaskCompletionSource();
        Task blocked = server.Store.WriteAsync(_ => hold.Task.Wait(Signals.Limit));
        Task<long> first = epochs.BeginAsync(hooks[0]);
        await store.Asked.InTimeAsync();
        Task<long[]> others = Task.WhenAll(hooks.Concat(hooks).Select(epochs.BeginAsync));
        hold.SetResult();

        Assert.Equal(1, await first.InTimeAsync());
        Assert.Equal(hooks.Select((_, i) => i == 0 ? 2L : 1).Concat(hooks.Select((_, i) => i == 0 ? 3L : 2)), await others.InTimeAsync());
        Assert.Equal(2, store.Writes);
        Assert.Equal(0, await epochs.BeginAsync(1).InTimeAsync());
        await blocked;
    }

    [Fact]
    public async Task One_that_cannot_be_begun_fails_and_the_next_goes_on()
    {
        await using TestServer server = await TestServer.StartAsync();
        HookUnderTest hook = await HookUnderTest.AddAsync(server, "http://127.0.0.1:9/");
        await using var store = new CountedStore(server.Store) { Broken = true };
        var epochs = new Epochs(store);
        await Assert.ThrowsAsync<InvalidOperationException>(() => epochs.BeginAsync(hook.Number).InTimeAsync());

        store.Broken = false;

        Assert.Equal(1, await epochs.BeginAsync(hook.Number).InTimeAsync());
    }

    /// <summary>The real store, whose writes are counted and can be made to fail.</summary>
    private sealed class CountedStore(IStore store) : IStore
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _writes;

        public int Writes => _writes;

        public bool Broken { get; set; }

        /// <summary>Completes once a first write was asked for.</summary>
        public Task Asked => _asked.Task;

        public long NewestId => store.NewestId;

        public StoreCondition Condition => store.Condition;

        public Task<T> ReadAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken) => store.ReadAsync(query, cancellationToken);

        public Task<T> SearchAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken) => store.SearchAsync(query, cancellationToken);

        public Task<T> WriteAsync<T>(Func<ITables, T> work)
        {
            Interlocked.Increment(ref _writes);
            Task<T> write = store.WriteAsync(tables => Broken ? throw new InvalidOperationException("Broken for the test.") : work(tables));
            _asked.TrySetResult();
            return write;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

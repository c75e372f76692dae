using Microsoft.Extensions.Logging.Abstractions;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Storage;

/// <summary>The trouble of a store ends once a write reaches the disk. The prober writes even if nothing else does.</summary>
public sealed class StoreProberTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly SignalClock _clock = new();

    [Fact]
    public async Task The_prober_writes_each_second_only_while_the_store_has_a_fault()
    {
        await using var store = new StoreWithFault();
        using var prober = new StoreProber(store, _clock, NullLogger<StoreProber>.Instance);
        await prober.StartAsync(TestContext.Current.CancellationToken);
        await _clock.TimerAsync(Period);
        _clock.Advance(Period);

        store.Health = new StoreHealth(StoreFault.Full, TimeSpan.Zero, 0);
        await _clock.AdvanceUntilAsync(Period, store.TriedAsync());
        await _clock.AdvanceUntilAsync(Period, store.TriedAsync());
        int tries = store.Tries;
        store.Health = default;
        _clock.Advance(Period * 5);
        await prober.StopAsync(TestContext.Current.CancellationToken);

        Assert.InRange(store.Tries, tries, tries + 1);
    }

    /// <summary>A store that refuses every write.</summary>
    private sealed class StoreWithFault : IStore
    {
        private readonly SemaphoreSlim _tried = new(0);
        private int _tries;

        public int Tries => Volatile.Read(ref _tries);

        public long NewestId => 0;

        public StoreHealth Health { get; set; }

        public async Task<bool> TriedAsync()
        {
            Assert.True(await _tried.WaitAsync(Signals.Limit / 6, TestContext.Current.CancellationToken), "No write was tried.");
            return true;
        }

        public Task<T> ReadAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<T> SearchAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<T> WriteAsync<T>(Func<ITables, T> work)
        {
            Interlocked.Increment(ref _tries);
            _tried.Release();
            return Task.FromException<T>(new StoreUnavailableException("Full.", full: true, null));
        }

        public ValueTask DisposeAsync()
        {
            _tried.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

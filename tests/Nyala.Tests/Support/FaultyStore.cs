using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Storage;

namespace Nyala.Tests.Support;

/// <summary>The real store, with writes that a test can count and make fail.</summary>
internal sealed class FaultyStore
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Func<ITables, bool>? _fails;
    private volatile bool _full;
    private int _writes;

    /// <summary>Decides, after a write has done its work, whether the write throws, as with an unexpected fault. Null if no write throws.</summary>
    public Func<ITables, bool>? Fails
    {
        set => _fails = value;
    }

    /// <summary>Whether every write is refused, as with a full disk.</summary>
    public bool Full
    {
        set => _full = value;
    }

    /// <summary>The number of writes that were requested.</summary>
    public int Writes => _writes;

    /// <summary>Completes once the first write was requested.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Inserts itself between a server and its store.</summary>
    public void PutUnder(IServiceCollection services)
    {
        Func<IServiceProvider, object> store = services.Single(service => service.ServiceType == typeof(IStore)).ImplementationFactory!;
        services.AddSingleton(provider => Over((IStore)store(provider)));
    }

    /// <summary>Returns a store in front of another one, which it disposes.</summary>
    public IStore Over(IStore store) => new Front(store, this);

    private Task<T> WriteAsync<T>(IStore store, Func<ITables, T> work)
    {
        Interlocked.Increment(ref _writes);
        Task<T> write = _full
            ? Task.FromException<T>(new StoreUnavailableException("The disk is full.", full: true, null))
            : store.WriteAsync(tables =>
            {
                T result = work(tables);
                return _fails?.Invoke(tables) == true ? throw new InvalidOperationException("A fault of the tests.") : result;
            });
        _asked.TrySetResult();
        return write;
    }

    private sealed class Front(IStore store, FaultyStore faults) : IStore
    {
        public long NewestId => store.NewestId;

        public StoreHealth Health => store.Health;

        public Task<T> ReadAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken = default) => store.ReadAsync(query, cancellationToken);

        public Task<T> SearchAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken) => store.SearchAsync(query, cancellationToken);

        public Task<T> WriteAsync<T>(Func<ITables, T> work) => faults.WriteAsync(store, work);

        public ValueTask DisposeAsync() => store.DisposeAsync();
    }
}

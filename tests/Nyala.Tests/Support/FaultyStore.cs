using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Storage;

namespace Nyala.Tests.Support;

/// <summary>The real store, whose writes a test counts and has fail.</summary>
internal sealed class FaultyStore
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Func<ITables, bool>? _fails;
    private volatile bool _full;
    private int _writes;

    /// <summary>Which writes throw at their end, by what they have just written, as one does that meets what nobody has thought of; none if null.</summary>
    public Func<ITables, bool>? Fails
    {
        set => _fails = value;
    }

    /// <summary>Whether every write is refused, as by a full disk.</summary>
    public bool Full
    {
        set => _full = value;
    }

    /// <summary>How many writes were asked for.</summary>
    public int Writes => _writes;

    /// <summary>Completes once a first write was asked for.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Stands between a server and its store.</summary>
    public void PutUnder(IServiceCollection services)
    {
        Func<IServiceProvider, object> store = services.Single(service => service.ServiceType == typeof(IStore)).ImplementationFactory!;
        services.AddSingleton(provider => Over((IStore)store(provider)));
    }

    /// <summary>Stands before a store, which is disposed of with it.</summary>
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

        public StoreHealth Condition => store.Condition;

        public Task<T> ReadAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken = default) => store.ReadAsync(query, cancellationToken);

        public Task<T> SearchAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken) => store.SearchAsync(query, cancellationToken);

        public Task<T> WriteAsync<T>(Func<ITables, T> work) => faults.WriteAsync(store, work);

        public ValueTask DisposeAsync() => store.DisposeAsync();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Storage;

namespace Nyala.Tests.Support;

/// <summary>Stands between a server and its store: a work throws at its end if a test says so, as one does that meets what nobody has thought of.</summary>
internal sealed class FaultyStore
{
    private volatile Func<ITables, bool>? _fails;

    /// <summary>Which works fail, by what they have just written; none if null.</summary>
    public Func<ITables, bool>? Fails
    {
        set => _fails = value;
    }

    public void PutUnder(IServiceCollection services)
    {
        Func<IServiceProvider, object> store = services.Single(service => service.ServiceType == typeof(IStore)).ImplementationFactory!;
        services.AddSingleton<IStore>(provider => new Over((IStore)store(provider), this));
    }

    private sealed class Over(IStore store, FaultyStore faults) : IStore
    {
        public long NewestId => store.NewestId;

        public StoreCondition Condition => store.Condition;

        public Task<T> ReadAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken = default) => store.ReadAsync(query, cancellationToken);

        public Task<T> SearchAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken) => store.SearchAsync(query, cancellationToken);

        public Task<T> WriteAsync<T>(Func<ITables, T> work) => store.WriteAsync(tables =>
        {
            T result = work(tables);
            return faults._fails?.Invoke(tables) == true ? throw new InvalidOperationException("A fault of the tests.") : result;
        });

        public ValueTask DisposeAsync() => store.DisposeAsync();
    }
}

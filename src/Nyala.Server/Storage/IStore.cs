namespace Nyala.Server.Storage;

/// <summary>
/// The database, which is the truth: everything else is a cache of it. Work is handed over as a function and runs
/// on the store's own threads, since SQLite blocks the thread that calls it.
/// </summary>
internal interface IStore : IAsyncDisposable
{
    /// <summary>The greatest id in the tables when the store was opened; 0 if there was none.</summary>
    long NewestId { get; }

    /// <summary>How it fares just now.</summary>
    StoreCondition Condition { get; }

    /// <summary>Runs a short query over one snapshot: entries by their ids, a lane's page. A write in it throws.</summary>
    Task<T> ReadAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs a query that may take long, such as a page of a list, over one snapshot. However many run and wait, no <see cref="ReadAsync"/> waits
    /// for them. It ends, in the middle if need be, once <paramref name="cancellationToken"/> is canceled.
    /// </summary>
    /// <exception cref="SearchLimitException">It took too long.</exception>
    Task<T> SearchAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken);

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction: all of it happens or, if it throws, nothing. Many
    /// works share a commit, so the work must be short and touch nothing but the tables; where a neighbour fails it is run again.
    /// </summary>
    /// <returns>A task that completes once the work is on disk.</returns>
    /// <exception cref="StoreUnavailableException">The disk is full or failing; nothing was written.</exception>
    Task<T> WriteAsync<T>(Func<ITables, T> work);
}

namespace Nyala.Server.Storage;

/// <summary>
/// The database. It is authoritative; everything else is a cache of it. Work is a function that runs on the store's own threads, because SQLite blocks the
/// thread that calls it.
/// </summary>
internal interface IStore : IAsyncDisposable
{
    /// <summary>The greatest id in the tables when the store was opened; 0 if there was none.</summary>
    long NewestId { get; }

    /// <summary>The current condition of the store.</summary>
    StoreHealth Health { get; }

    /// <summary>Runs a short query over one snapshot, such as an entry by its id or a lane's page. Throws if the query writes.</summary>
    Task<T> ReadAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs a query that may take long, such as a page of a list, over one snapshot. <see cref="ReadAsync"/> never waits for searches, however many there are.
    /// The query is interrupted when <paramref name="cancellationToken"/> is canceled.
    /// </summary>
    /// <exception cref="SearchLimitException">The query took too long.</exception>
    Task<T> SearchAsync<T>(Func<ITables, T> query, CancellationToken cancellationToken);

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction: all of it is written or, if it throws, none of it. The result is as if no other transaction ran at the
    /// same time, provided that the work reads whatever it relies on through the tables. It may run more than once: if another item in the same commit fails,
    /// or if another transaction changed what it read. So it must be short, and must change nothing but the tables.
    /// </summary>
    /// <returns>A task that completes once the work is on disk.</returns>
    /// <exception cref="StoreUnavailableException">The disk is full or failing; nothing was written.</exception>
    Task<T> WriteAsync<T>(Func<ITables, T> work);

    /// <summary>Accepts events in a transaction of their own, see <see cref="IQueue.Accept"/>. Completes once they are on disk.</summary>
    /// <exception cref="StoreUnavailableException">The disk is full or failing; nothing was written.</exception>
    Task<IReadOnlyList<AcceptResult>> AcceptAsync(IReadOnlyList<EventToAccept> events, IdSource ids, TimeProvider clock) =>
        WriteAsync(tables => tables.Queue.Accept(events, ids, clock));

    /// <summary>Writes the ends of attempts in a transaction of their own, see <see cref="IQueue.Settle"/>. Completes once they are on disk.</summary>
    /// <exception cref="StoreUnavailableException">The disk is full or failing; nothing was written.</exception>
    Task<IReadOnlySet<LaneId>> SettleAsync(IReadOnlyList<Settlement> batch) => WriteAsync(tables => tables.Queue.Settle(batch));

    /// <summary>Reads a hook and its due deliveries, see <see cref="IQueue.ReadPage"/>.</summary>
    Task<LanePage> ReadPageAsync(LaneQuery query) => ReadAsync(tables => tables.Queue.ReadPage(query));
}

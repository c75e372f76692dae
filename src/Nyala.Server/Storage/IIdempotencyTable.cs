namespace Nyala.Server.Storage;

/// <summary>The publishes that had an idempotency key, so that a repeated publish is accepted once. <see cref="IQueue.Accept"/> writes and reads them.</summary>
internal interface IIdempotencyTable
{
    /// <summary>Removes at most <paramref name="limit"/> publishes that were accepted before a time, oldest first.</summary>
    /// <returns>The number of publishes that were removed.</returns>
    int Prune(DateTimeOffset before, int limit);
}

namespace Nyala.Server.Storage;

/// <summary>A publish that had an idempotency key.</summary>
/// <param name="Site">The site that it was published at.</param>
/// <param name="Key">The idempotency key, which is unique within the site.</param>
/// <param name="Digest">The digest of the type and the body. A request that repeats the key with other content is an error.</param>
/// <param name="Event">The event that was accepted.</param>
/// <param name="Created">The time it was accepted.</param>
internal sealed record IdempotencyRecord(string Site, string Key, byte[] Digest, long Event, DateTimeOffset Created);

/// <summary>The publishes that had an idempotency key, so that a repeated publish is accepted once.</summary>
internal interface IIdempotencyTable
{
    /// <summary>Stores a publish, replacing an older one with the same key.</summary>
    void Put(IdempotencyRecord publication);

    IdempotencyRecord? Find(string site, string key);

    /// <summary>Removes at most <paramref name="limit"/> publishes that were accepted before a time, oldest first.</summary>
    /// <returns>The number of publishes that were removed.</returns>
    int Prune(DateTimeOffset before, int limit);
}

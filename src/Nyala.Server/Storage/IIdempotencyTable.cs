namespace Nyala.Server.Storage;

/// <summary>A publish that named itself.</summary>
/// <param name="Site">Where it was made.</param>
/// <param name="Key">Its name within the site.</param>
/// <param name="Digest">Of the type and the body: the same name for something else is a mistake.</param>
/// <param name="Event">The event that came of it.</param>
/// <param name="Created">When it was accepted.</param>
internal sealed record IdempotencyRecord(string Site, string Key, byte[] Digest, long Event, DateTimeOffset Created);

/// <summary>The publishes that named themselves, so that one that is repeated is accepted once.</summary>
internal interface IIdempotencyTable
{
    /// <summary>Keeps a publish, in place of an older one of the same name.</summary>
    void Put(IdempotencyRecord publication);

    IdempotencyRecord? Find(string site, string key);

    /// <summary>Removes publishes accepted before a time, the oldest first and at most <paramref name="limit"/> of them.</summary>
    /// <returns>How many were removed.</returns>
    int Prune(DateTimeOffset before, int limit);
}

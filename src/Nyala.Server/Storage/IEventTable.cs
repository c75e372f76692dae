namespace Nyala.Server.Storage;

/// <summary>An accepted event.</summary>
/// <param name="Id">Time-ordered.</param>
/// <param name="Type">Its type, as it was published.</param>
/// <param name="Site">The site it happened at.</param>
/// <param name="Body">The bytes that are sent.</param>
/// <param name="Created">When it was accepted.</param>
/// <param name="Deployment">The deployment that it is about; null if it is about none.</param>
/// <param name="Trace">The <c>traceparent</c> under which it is followed; null if nobody does.</param>
/// <param name="Chain">How many publishes led to it, one after the other.</param>
internal sealed record EventRecord(
    long Id, string Type, string Site, byte[] Body, DateTimeOffset Created, string? Deployment = null, string? Trace = null, int Chain = 0);

/// <summary>An event without what is sent of it.</summary>
internal sealed record EventHead(long Id, string Type, string Site, string? Deployment, DateTimeOffset Created);

/// <summary>The accepted events.</summary>
internal interface IEventTable
{
    void Insert(EventRecord accepted);

    EventRecord? Find(long id);

    EventHead? FindHead(long id);

    /// <summary>What a search finds, newest first.</summary>
    Page<EventHead> Search(EventQuery query);

    /// <summary>When the newest event was accepted; null if there is none.</summary>
    DateTimeOffset? Newest();

    /// <summary>Looks at a batch of the oldest events, and deletes those that were accepted before a time and have no deliveries.</summary>
    /// <param name="accepted">The time.</param>
    /// <param name="after">The id behind which the batch begins; 0 for the first one.</param>
    /// <param name="limit">How many are looked at, at most.</param>
    /// <returns>The id behind which the next batch begins; null if there is none.</returns>
    long? Prune(DateTimeOffset accepted, long after, int limit);

    /// <summary>The body of an event; null if it is not kept any more.</summary>
    byte[]? Body(long id);

    /// <summary>The beginning of an event's body, and whether there is more of it; null if it is not kept any more.</summary>
    (byte[] Beginning, bool More)? BodyStart(long id, int most);
}

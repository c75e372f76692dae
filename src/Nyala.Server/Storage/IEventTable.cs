namespace Nyala.Server.Storage;

/// <summary>An accepted event.</summary>
/// <param name="Id">The event's id; ids increase with time.</param>
/// <param name="Type">The type as it was published.</param>
/// <param name="Site">The site of the event.</param>
/// <param name="Body">The bytes to send.</param>
/// <param name="Created">The time it was accepted.</param>
/// <param name="Deployment">The name of the deployment that the event is about; null if there is none.</param>
/// <param name="Trace">The <c>traceparent</c> of the event; null if it is not traced.</param>
/// <param name="Chain">The number of publishes that led to the event, each caused by the one before.</param>
internal sealed record EventRecord(
    long Id, string Type, string Site, byte[] Body, DateTimeOffset Created, string? Deployment = null, string? Trace = null, int Chain = 0)
{
    /// <summary>The last lines of the deployment's log when the event was accepted, as a JSON array of strings; null if no hook asked for them.</summary>
    public string? LogTail { get; init; }
}

/// <summary>An event without its body.</summary>
internal sealed record EventHead(long Id, string Type, string Site, string? Deployment, DateTimeOffset Created);

/// <summary>The accepted events.</summary>
internal interface IEventTable
{
    void Insert(EventRecord accepted);

    EventRecord? Find(long id);

    EventHead? FindHead(long id);

    /// <summary>Returns a page of the events that match a search, newest first.</summary>
    Page<EventHead> Search(EventQuery query);

    /// <summary>Returns the time at which the newest event was accepted; null if there are no events.</summary>
    DateTimeOffset? Newest();

    /// <summary>Examines a batch of the oldest events, and deletes those that were accepted before a time and have no deliveries.</summary>
    /// <param name="accepted">The time.</param>
    /// <param name="after">The id after which the batch begins; 0 for the first batch.</param>
    /// <param name="limit">The maximum number of events to examine.</param>
    /// <returns>The id after which the next batch begins; null if there is none.</returns>
    long? Prune(DateTimeOffset accepted, long after, int limit);

    /// <summary>Returns the body of an event; null if the event no longer exists.</summary>
    byte[]? Body(long id);

    /// <summary>Returns the beginning of an event's body, and whether there is more of it; null if the event no longer exists.</summary>
    (byte[] Beginning, bool More)? BodyStart(long id, int most);
}

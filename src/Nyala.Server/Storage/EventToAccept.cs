namespace Nyala.Server.Storage;

/// <summary>An event to accept.</summary>
/// <param name="Id">The id that the event gets if it is accepted.</param>
/// <param name="Type">The type as it was published.</param>
/// <param name="Site">The site of the event.</param>
/// <param name="Body">The bytes that were published.</param>
internal sealed record EventToAccept(long Id, string Type, string Site, byte[] Body)
{
    /// <summary>The name of the deployment that the event is about; null if there is none.</summary>
    public string? Deployment { get; init; }

    /// <summary>The <c>traceparent</c> of the event; null if it is not traced.</summary>
    public string? Trace { get; init; }

    /// <summary>The number of publishes that led to the event, each caused by the one before.</summary>
    public int Chain { get; init; }

    /// <summary>The idempotency key, with the digest of the event; null if there is none.</summary>
    public EventKey? Key { get; init; }

    /// <summary>
    /// Returns the last lines of the deployment's log, at most as many as asked for, as a JSON array of strings; null if the event has no log. It is called in the
    /// transaction, and only if a hook that receives the event asks for lines.
    /// </summary>
    public Func<int, string>? LogTail { get; init; }

    /// <summary>Decides whether a hook with a filter receives the event. Its argument is the filter, as JSON.</summary>
    public required Func<string, bool> Matches { get; init; }
}

/// <summary>An idempotency key. A site accepts one event for it until it expires.</summary>
/// <param name="Key">The key, which is unique within the site.</param>
/// <param name="Digest">The digest of the type and the body.</param>
/// <param name="Life">How long the key is remembered.</param>
internal sealed record EventKey(string Key, byte[] Digest, TimeSpan Life);

/// <summary>What became of an event.</summary>
internal enum AcceptOutcome
{
    /// <summary>The event was written.</summary>
    Accepted,

    /// <summary>The same event was accepted earlier with this key. Nothing new was written.</summary>
    Replayed,

    /// <summary>The key belongs to a different event. Nothing was written.</summary>
    Mismatch,

    /// <summary>The events of the batch have more than <see cref="IQueue.MaxDeliveries"/> deliveries. None of them was written.</summary>
    TooManyDeliveries,
}

/// <summary>The result of accepting an event.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Event">The id of the event: of this one, or of an earlier one with the same key.</param>
/// <param name="Accepted">The time it was accepted.</param>
/// <param name="Deliveries">Its deliveries; empty if it was not written.</param>
internal sealed record AcceptResult(AcceptOutcome Outcome, long Event, DateTimeOffset Accepted, IReadOnlyList<AcceptedDelivery> Deliveries)
{
    /// <summary>The last lines of the deployment's log that were stored with the event; null for none.</summary>
    public string? LogTail { get; init; }
}

/// <summary>A delivery of an event that was accepted.</summary>
internal readonly record struct AcceptedDelivery(long Id, MatchedHook Hook);

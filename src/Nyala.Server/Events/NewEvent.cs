namespace Nyala.Server.Events;

/// <summary>An event to accept.</summary>
/// <param name="Type">Its type, see <see cref="EventType"/>.</param>
/// <param name="Site">The site it happened at.</param>
/// <param name="Body">The bytes to send; the caller does not change them afterwards.</param>
internal readonly record struct NewEvent(string Type, string Site, byte[] Body)
{
    /// <summary>The deployment that it is about; null if it is about none.</summary>
    public string? Deployment { get; init; }

    /// <summary>The <c>traceparent</c> under which it is followed; null if nobody does.</summary>
    public string? Trace { get; init; }

    /// <summary>How many publishes led to it, one after the other; 0 for what the server itself tells.</summary>
    public int Chain { get; init; }

    /// <summary>
    /// Tells what a filter sees of it; null reads that from the body. It is asked in the transaction, and only where a hook that
    /// would hear the event has a filter.
    /// </summary>
    public Func<EventFacts>? Facts { get; init; }
}

namespace Nyala.Server.Events;

/// <summary>An event to accept.</summary>
/// <param name="Type">The event's type, see <see cref="EventType"/>.</param>
/// <param name="Site">The site where the event happened.</param>
/// <param name="Body">The bytes to send. The caller must not change them afterwards.</param>
internal readonly record struct NewEvent(string Type, string Site, byte[] Body)
{
    /// <summary>The deployment that the event is about; null if there is none.</summary>
    public string? Deployment { get; init; }

    /// <summary>The <c>traceparent</c> of the event's trace; null if it is not traced.</summary>
    public string? Trace { get; init; }

    /// <summary>The number of publishes that led to the event, one after another; 0 for an event that the server itself raises.</summary>
    public int Chain { get; init; }

    /// <summary>
    /// Returns the facts that a filter tests; null to read them from the body. It is called in the transaction, and only if a hook that is subscribed to the
    /// event has a filter.
    /// </summary>
    public Func<EventFacts>? Facts { get; init; }

    /// <inheritdoc cref="Storage.EventToAccept.LogTail"/>
    public Func<int, string>? LogTail { get; init; }
}

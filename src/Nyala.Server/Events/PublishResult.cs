namespace Nyala.Server.Events;

/// <summary>The result of a publish.</summary>
/// <param name="Event">The id of the event: of this publish, or of an earlier publish with the same key.</param>
internal readonly record struct PublishResult(long Event, PublishOutcome Outcome);

/// <summary>The outcome of a publish.</summary>
internal enum PublishOutcome
{
    /// <summary>The event is durable.</summary>
    Accepted,

    /// <summary>The same event was accepted earlier with this key. Nothing new was written.</summary>
    Replayed,

    /// <summary>The key belongs to a different event. Nothing was written.</summary>
    Mismatch,
}

namespace Nyala.Server.Events;

/// <summary>What came of a publish.</summary>
/// <param name="Event">The event, of this publish or of an earlier one of the same name.</param>
internal readonly record struct PublishResult(long Event, PublishOutcome Outcome);

/// <summary>How a publish went.</summary>
internal enum PublishOutcome
{
    /// <summary>The event is durable.</summary>
    Accepted,

    /// <summary>It was, before, under the same name: nothing new was made.</summary>
    Replayed,

    /// <summary>The name was given to something else: nothing was made.</summary>
    Mismatch,
}

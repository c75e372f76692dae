namespace Nyala.Client;

/// <summary>An event that a server has accepted.</summary>
public sealed record PublishedEvent
{
    /// <summary>The event's id; decimal digits, to be treated as opaque.</summary>
    public required string Id { get; init; }

    /// <summary>True if it was accepted before, under the same key: nothing new was made.</summary>
    public bool Replayed { get; init; }
}

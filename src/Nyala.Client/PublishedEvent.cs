namespace Nyala.Client;

/// <summary>An event that a server has accepted.</summary>
public sealed record PublishedEvent
{
    /// <summary>The event's id; decimal digits; treat it as opaque.</summary>
    public required string Id { get; init; }

    /// <summary>True if it had been accepted before under the same key, and nothing new was created.</summary>
    public bool Replayed { get; init; }
}

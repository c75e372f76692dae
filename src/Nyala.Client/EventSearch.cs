namespace Nyala.Client;

/// <summary>Which events to find. Every property that is not null must match.</summary>
public sealed record EventSearch
{
    /// <summary>The type, case-insensitive.</summary>
    public string? Type { get; init; }

    /// <summary>The id of the deployment that the event is about.</summary>
    public string? Deployment { get; init; }

    /// <summary>Accepted at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Accepted before this time.</summary>
    public DateTimeOffset? Until { get; init; }
}

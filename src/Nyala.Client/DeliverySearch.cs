namespace Nyala.Client;

/// <summary>Which deliveries to find. Every property that is not null must match.</summary>
public sealed record DeliverySearch
{
    /// <summary>The id of the hook.</summary>
    public string? Hook { get; init; }

    /// <summary>The id of the event.</summary>
    public string? Event { get; init; }

    /// <summary>The type of the event, case-insensitive.</summary>
    public string? Type { get; init; }

    /// <summary>The id of the deployment that the event is about.</summary>
    public string? Deployment { get; init; }

    /// <summary><c>pending</c>, <c>delivered</c>, <c>failed</c> or <c>gone</c>.</summary>
    public string? State { get; init; }

    /// <summary>The event was accepted at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The event was accepted before this time.</summary>
    public DateTimeOffset? Until { get; init; }
}

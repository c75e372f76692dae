namespace Nyala.Server.Storage;

/// <summary>A search for deliveries. A delivery must match every filter that is not null. Results are newest first.</summary>
internal sealed record DeliveryQuery
{
    public long? Hook { get; init; }

    public long? Event { get; init; }

    /// <summary>The name of the deployment that the event is about.</summary>
    public string? Deployment { get; init; }

    /// <summary>The event's type, compared case-insensitively.</summary>
    public string? Type { get; init; }

    /// <summary>The site of the hook; hooks of the root do not match.</summary>
    public string? Site { get; init; }

    public DeliveryState? State { get; init; }

    /// <summary>The period in which the event was accepted.</summary>
    public Period Accepted { get; init; }

    /// <summary>Only deliveries with smaller ids match.</summary>
    public long Before { get; init; } = long.MaxValue;

    public required int Limit { get; init; }
}

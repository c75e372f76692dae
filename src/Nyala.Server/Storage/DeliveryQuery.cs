namespace Nyala.Server.Storage;

/// <summary>Which deliveries to find: those that are all of what is not null. Newest first.</summary>
internal sealed record DeliveryQuery
{
    public long? Hook { get; init; }

    public long? Event { get; init; }

    /// <summary>The name of the deployment that the event is about.</summary>
    public string? Deployment { get; init; }

    /// <summary>The event's type, without regard to case.</summary>
    public string? Type { get; init; }

    /// <summary>Only those to hooks of exactly this site.</summary>
    public string? Site { get; init; }

    public DeliveryState? State { get; init; }

    /// <summary>When the event was accepted.</summary>
    public Period Accepted { get; init; }

    /// <summary>Only ids below it.</summary>
    public long Before { get; init; } = long.MaxValue;

    public required int Limit { get; init; }
}

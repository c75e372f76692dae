namespace Nyala.Client;

/// <summary>Which deliveries to find: those that are all of what is not null.</summary>
public sealed record DeliverySearch
{
    /// <summary>To the hook with this id.</summary>
    public string? Hook { get; init; }

    /// <summary>Of the event with this id.</summary>
    public string? Event { get; init; }

    /// <summary>Of events of this type, without regard to case.</summary>
    public string? Type { get; init; }

    /// <summary>Of events about the deployment of this name.</summary>
    public string? Deployment { get; init; }

    /// <summary><c>pending</c>, <c>delivered</c>, <c>failed</c> or <c>gone</c>.</summary>
    public string? State { get; init; }

    /// <summary>Whose events were accepted from this time on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whose events were accepted before this time.</summary>
    public DateTimeOffset? Until { get; init; }
}

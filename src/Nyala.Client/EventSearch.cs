namespace Nyala.Client;

/// <summary>Which events to find: those that are all of what is not null.</summary>
public sealed record EventSearch
{
    /// <summary>Of this type, without regard to case.</summary>
    public string? Type { get; init; }

    /// <summary>About the deployment of this name.</summary>
    public string? Deployment { get; init; }

    /// <summary>Accepted from this time on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Accepted before this time.</summary>
    public DateTimeOffset? Until { get; init; }
}

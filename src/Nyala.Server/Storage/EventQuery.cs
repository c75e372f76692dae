namespace Nyala.Server.Storage;

/// <summary>Which events to find: those that are all of what is not null. Newest first.</summary>
internal sealed record EventQuery
{
    /// <summary>Without regard to case.</summary>
    public string? Type { get; init; }

    /// <summary>The name of the deployment that it is about.</summary>
    public string? Deployment { get; init; }

    /// <summary>Where it happened.</summary>
    public string? Site { get; init; }

    public Period Accepted { get; init; }

    /// <summary>Only ids below it.</summary>
    public long Before { get; init; } = long.MaxValue;

    public required int Limit { get; init; }
}

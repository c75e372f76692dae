namespace Nyala.Server.Storage;

/// <summary>A search for events. An event must match every filter that is not null. Results are newest first.</summary>
internal sealed record EventQuery
{
    /// <summary>The event's type, compared case-insensitively.</summary>
    public string? Type { get; init; }

    /// <summary>The name of the deployment that the event is about.</summary>
    public string? Deployment { get; init; }

    /// <summary>The site of the event.</summary>
    public string? Site { get; init; }

    public Period Accepted { get; init; }

    /// <summary>Only events with smaller ids match.</summary>
    public long Before { get; init; } = long.MaxValue;

    public required int Limit { get; init; }
}

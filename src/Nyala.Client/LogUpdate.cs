namespace Nyala.Client;

/// <summary>An update about a deployment that is followed: a line of its log, or its end.</summary>
public sealed record LogUpdate
{
    /// <summary>The line; null in the last update.</summary>
    public LogEntry? Entry { get; init; }

    /// <summary>The ended deployment, in the last update; otherwise null.</summary>
    public Deployment? Ended { get; init; }
}

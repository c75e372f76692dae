namespace Nyala.Client;

/// <summary>What is told of a deployment that is followed: a line of its log, or how it ended.</summary>
public sealed record LogUpdate
{
    /// <summary>A line; null in the last update.</summary>
    public LogEntry? Entry { get; init; }

    /// <summary>The deployment, in the last update: it has ended.</summary>
    public Deployment? Ended { get; init; }
}

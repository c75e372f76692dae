namespace Nyala.Server.Sources;

/// <summary>What a request to deploy from elsewhere asks for.</summary>
internal sealed record PushPayload
{
    /// <summary>Where the repository is, as it was given: not looked at yet. The generic form names what to fetch after a <c>#</c> in it.</summary>
    public required string RepositoryUrl { get; init; }

    /// <summary>The branch's short name; null if only the URL may name one.</summary>
    public string? Branch { get; init; }

    /// <summary>The commit that was pushed, its whole id; null if only the URL may name one.</summary>
    public string? Commit { get; init; }

    /// <summary>The author of the commit; empty if unknown.</summary>
    public string Author { get; init; } = "";

    public string AuthorEmail { get; init; } = "";

    public string Message { get; init; } = "";

    /// <summary>The id that the sender gave this delivery, the same if it is sent again; null if it gave none.</summary>
    public string? Delivery { get; init; }

    /// <summary>Who brings it.</summary>
    public required string Deployer { get; init; }

    /// <summary>Whether the sender reports a push and waits for nothing; else it wants to know how the deployment ends.</summary>
    public bool IsPush => Commit is not null;
}

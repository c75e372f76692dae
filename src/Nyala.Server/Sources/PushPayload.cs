namespace Nyala.Server.Sources;

/// <summary>The deployment that a request to fetch asks for.</summary>
internal sealed record PushPayload
{
    /// <summary>The URL of the repository as it was sent, not checked yet. In the generic form, the commit or branch to fetch follows a <c>#</c>.</summary>
    public required string RepositoryUrl { get; init; }

    /// <summary>The short name of the branch; null if only the URL can name one.</summary>
    public string? Branch { get; init; }

    /// <summary>The full id of the pushed commit; null if only the URL can name one.</summary>
    public string? Commit { get; init; }

    /// <summary>The author of the commit; empty if unknown.</summary>
    public string Author { get; init; } = "";

    public string AuthorEmail { get; init; } = "";

    public string Message { get; init; } = "";

    /// <summary>The id that the sender gave this delivery. It is the same if the delivery is sent again; null if there is none.</summary>
    public string? Delivery { get; init; }

    /// <summary>The name of the deployer, such as GitHub.</summary>
    public required string Deployer { get; init; }

    /// <summary>Whether the sender reports a push and does not wait. If not, the sender waits for the end of the deployment.</summary>
    public bool IsPush => Commit is not null;
}

using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>What is to be deployed, and who says so.</summary>
internal sealed record DeployOrder
{
    /// <summary>The site's name as it was first written.</summary>
    public required string Site { get; init; }

    /// <summary>The deployment's id: a commit, or one made up for a zip.</summary>
    public required string Deployment { get; init; }

    public required string Author { get; init; }

    public string AuthorEmail { get; init; } = "";

    public required string Deployer { get; init; }

    public required string Message { get; init; }

    public string? Branch { get; init; }

    public required ISource Source { get; init; }

    /// <summary>The key of the run, if it is recorded already as one that waits; null for a new one.</summary>
    public string? Key { get; init; }

    /// <summary>Who asked for it, as the audit log names him.</summary>
    public required Actor Actor { get; init; }

    /// <summary>The <c>traceparent</c> that the order came under; null if nobody follows it.</summary>
    public string? Trace { get; init; }
}

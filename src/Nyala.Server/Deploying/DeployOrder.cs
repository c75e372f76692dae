using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>An order to deploy: what to deploy, and who asked for it.</summary>
internal sealed record DeployOrder
{
    /// <summary>The site's name, in the case in which it was created.</summary>
    public required string Site { get; init; }

    /// <summary>The deployment's id: a commit id, or a generated id for a zip.</summary>
    public required string Deployment { get; init; }

    public required string Author { get; init; }

    public string AuthorEmail { get; init; } = "";

    public required string Deployer { get; init; }

    public required string Message { get; init; }

    public string? Branch { get; init; }

    public required ISource Source { get; init; }

    /// <summary>The key of the run, if the run is already recorded as waiting; null to start a new run.</summary>
    public string? Key { get; init; }

    /// <summary>Who asked for the deployment, for the audit log.</summary>
    public required Actor Actor { get; init; }

    /// <summary>The <c>traceparent</c> of the request that placed the order; null if it had none.</summary>
    public string? Trace { get; init; }
}

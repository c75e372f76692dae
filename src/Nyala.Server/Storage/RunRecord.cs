using Nyala.Client;

namespace Nyala.Server.Storage;

/// <summary>A run of a deployment as it is stored. The newest run represents the deployment.</summary>
internal sealed record RunRecord
{
    public required long Id { get; init; }

    public required string Site { get; init; }

    /// <summary>The deployment's name within the site.</summary>
    public required string Deployment { get; init; }

    /// <summary>The number of the run within its deployment, from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>The deployer's own key for the run; null if it gave none.</summary>
    public string? Key { get; init; }

    public DeploymentStatus Status { get; init; }

    public string StatusText { get; init; } = "";

    public string AuthorEmail { get; init; } = "";

    public string Author { get; init; } = "";

    public string Deployer { get; init; } = "";

    public string Message { get; init; } = "";

    public string Progress { get; init; } = "";

    public string? Branch { get; init; }

    public DateTimeOffset Received { get; init; }

    public DateTimeOffset Started { get; init; }

    /// <summary>The time the run ended; null exactly while it is unfinished.</summary>
    public DateTimeOffset? Ended { get; init; }

    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>Whether the site currently runs this deployment. At most one run of a site is active.</summary>
    public bool Active { get; init; }

    /// <summary>The time the deployer was last heard from.</summary>
    public DateTimeOffset Heard { get; init; }

    /// <summary>How long the deployer may be silent before the run is given up.</summary>
    public TimeSpan SilentAfter { get; init; }

    /// <summary>Whether the run was ended because its deployer was silent. Its actual result can still be reported once.</summary>
    public bool GivenUp { get; init; }

    /// <summary>Whether this server performs the run itself. Such a run has no other reporter and is never given up for silence.</summary>
    public bool Performed { get; init; }
}

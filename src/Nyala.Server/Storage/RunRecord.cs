using Nyala.Client;

namespace Nyala.Server.Storage;

/// <summary>One run of a deployment, as it is stored. A deployment is its newest run.</summary>
internal sealed record RunRecord
{
    public required long Id { get; init; }

    public required string Site { get; init; }

    /// <summary>The deployment's name within the site.</summary>
    public required string Deployment { get; init; }

    /// <summary>Counts the runs of the deployment, from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>The reporter's own key for the run; null if it gave none.</summary>
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

    /// <summary>Set exactly where the run has ended.</summary>
    public DateTimeOffset? Ended { get; init; }

    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>True for the one run that its site runs now.</summary>
    public bool Active { get; init; }

    /// <summary>When the reporter was last heard of.</summary>
    public DateTimeOffset Heard { get; init; }

    /// <summary>After how long without a word the run is given up.</summary>
    public TimeSpan SilentAfter { get; init; }

    /// <summary>True if the run was ended for silence; its real end may still be reported, once.</summary>
    public bool GivenUp { get; init; }

    /// <summary>True if this server itself deploys: nobody else reports of it, and it never falls silent.</summary>
    public bool Performed { get; init; }
}

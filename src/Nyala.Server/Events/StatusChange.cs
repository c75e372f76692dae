using Nyala.Client;

namespace Nyala.Server.Events;

/// <summary>What the end of a deployment changes at its site. That all goes well as before is none.</summary>
internal enum StatusChange
{
    /// <summary>It failed; the one before had not, or there was none.</summary>
    Broke,

    /// <summary>It went well; the one before had failed.</summary>
    Fixed,

    /// <summary>It failed, like the one before.</summary>
    StillFailing,
}

internal static class StatusChanges
{
    /// <summary>Decides from how the site's deployment before ended (null: there was none) and how this one did.</summary>
    public static StatusChange? Of(DeploymentStatus? before, DeploymentStatus now) => (before, now) switch
    {
        (DeploymentStatus.Failed, DeploymentStatus.Failed) => StatusChange.StillFailing,
        (_, DeploymentStatus.Failed) => StatusChange.Broke,
        (DeploymentStatus.Failed, DeploymentStatus.Success) => StatusChange.Fixed,
        _ => null,
    };
}

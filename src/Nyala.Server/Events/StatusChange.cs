using Nyala.Client;

namespace Nyala.Server.Events;

/// <summary>How the result of a deployment differs from the previous result at its site. A success that does not follow a failure is not a change.</summary>
internal enum StatusChange
{
    /// <summary>The deployment failed. The previous one succeeded, or there was none.</summary>
    Broke,

    /// <summary>The deployment succeeded. The previous one failed.</summary>
    Fixed,

    /// <summary>The deployment failed, like the previous one.</summary>
    StillFailing,
}

internal static class StatusChanges
{
    /// <summary>Returns the change from the previous result at the site (null if there is none) to this one; null if it is not a change.</summary>
    public static StatusChange? Of(DeploymentStatus? before, DeploymentStatus now) => (before, now) switch
    {
        (DeploymentStatus.Failed, DeploymentStatus.Failed) => StatusChange.StillFailing,
        (_, DeploymentStatus.Failed) => StatusChange.Broke,
        (DeploymentStatus.Failed, DeploymentStatus.Success) => StatusChange.Fixed,
        _ => null,
    };
}

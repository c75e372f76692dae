namespace Nyala.Client;

/// <summary>The status of a run of a deployment. The numbers are Kudu's and are sent over the wire.</summary>
public enum DeploymentStatus
{
    /// <summary>Received, not started.</summary>
    Pending = 0,

    /// <summary>Being built.</summary>
    Building = 1,

    /// <summary>Being put in place.</summary>
    Deploying = 2,

    /// <summary>Failed.</summary>
    Failed = 3,

    /// <summary>Succeeded.</summary>
    Success = 4,
}

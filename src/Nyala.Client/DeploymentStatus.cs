namespace Nyala.Client;

/// <summary>The status of a run of a deployment. In JSON it is a number, the same as Kudu's.</summary>
public enum DeploymentStatus
{
    /// <summary>Received, but not started.</summary>
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

namespace Nyala.Client;

/// <summary>How far a run of a deployment has come. The numbers are Kudu's and go over the wire.</summary>
public enum DeploymentStatus
{
    /// <summary>Received, not begun.</summary>
    Pending = 0,

    /// <summary>Being built.</summary>
    Building = 1,

    /// <summary>Being put in place.</summary>
    Deploying = 2,

    /// <summary>Ended badly.</summary>
    Failed = 3,

    /// <summary>Ended well.</summary>
    Success = 4,
}

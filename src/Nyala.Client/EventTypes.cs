namespace Nyala.Client;

/// <summary>The names of the events that a server raises by itself. A hook's type matches without regard to case.</summary>
public static class EventTypes
{
    /// <summary>A run of a deployment has ended, well or badly. Kudu's own event; the body is a <see cref="DeploymentEvent"/>.</summary>
    public const string PostDeployment = "PostDeployment";

    /// <summary>A run of a deployment has begun. The body is a <see cref="DeploymentEvent"/> that is not complete.</summary>
    public const string DeploymentStarted = "DeploymentStarted";

    /// <summary>Sent to one hook on request, to see whether its receiver answers.</summary>
    public const string Ping = "Ping";

    /// <summary>
    /// A hook has had nothing but failures for days and is sent nothing more until somebody enables it. The body is
    /// <c>{ event, hookId, hookEvent, receiver, description, reason, failingSince, failures, time }</c>.
    /// </summary>
    public const string HookDisabled = "HookDisabled";

    /// <summary>
    /// A token expires soon. Raised 14, 7 and 1 days before. The body is
    /// <c>{ event, tokenId, tokenName, site, scopes, expires, daysLeft, time }</c>; <c>site</c> is null for a token that is good for every site.
    /// </summary>
    public const string TokenExpiring = "TokenExpiring";

    /// <summary>As a hook's type: every event, whatever its type.</summary>
    public const string Any = "*";
}

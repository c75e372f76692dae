namespace Nyala.Client;

/// <summary>The types of the events that the server raises. A hook's type matches case-insensitively.</summary>
public static class EventTypes
{
    /// <summary>A run of a deployment has succeeded or failed. Kudu's own event; the body is a <see cref="DeploymentEvent"/>.</summary>
    public const string PostDeployment = "PostDeployment";

    /// <summary>A run of a deployment has begun. The body is a <see cref="DeploymentEvent"/> that is not complete.</summary>
    public const string DeploymentStarted = "DeploymentStarted";

    /// <summary>Sent to one hook on request, to test its receiver.</summary>
    public const string Ping = "Ping";

    /// <summary>
    /// A hook was disabled after days of failures, and gets no events until it is re-enabled. The body is
    /// <c>{ event, hookId, hookEvent, receiver, description, reason, failingSince, failures, time }</c>.
    /// </summary>
    public const string HookDisabled = "HookDisabled";

    /// <summary>
    /// A token expires soon. Raised 14, 7 and 1 days before. The body is
    /// <c>{ event, tokenId, tokenName, site, scopes, expires, daysLeft, time }</c>; <c>site</c> is null for a token for every site.
    /// </summary>
    public const string TokenExpiring = "TokenExpiring";

    /// <summary>The type of a hook that gets every event.</summary>
    public const string Any = "*";
}

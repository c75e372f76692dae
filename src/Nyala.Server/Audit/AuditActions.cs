namespace Nyala.Server.Audit;

/// <summary>The names of changes in the audit log.</summary>
internal static class AuditActions
{
    public const string HookCreated = "hook.created";
    public const string HookChanged = "hook.changed";
    public const string HookRemoved = "hook.removed";
    public const string HookPaused = "hook.paused";
    public const string HookResumed = "hook.resumed";
    public const string HookEnabled = "hook.enabled";
    public const string HookRestored = "hook.restored";
    public const string HookSecretRotated = "hook.secret_rotated";
    public const string DeliveryRedelivered = "delivery.redelivered";
    public const string RedeliveryBegun = "redelivery.begun";
    public const string RedeliveryStopped = "redelivery.stopped";
    public const string DeploymentBegun = "deployment.begun";
    public const string DeploymentCanceled = "deployment.canceled";
    public const string DeploymentRemoved = "deployment.removed";
    public const string SiteCreated = "site.created";
    public const string SiteChanged = "site.changed";
    public const string SiteSettingsChanged = "site.settings_changed";
    public const string SiteRemoved = "site.removed";
    public const string TokenCreated = "token.created";
    public const string TokenRevoked = "token.revoked";
}

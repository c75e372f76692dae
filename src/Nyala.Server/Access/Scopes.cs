namespace Nyala.Server.Access;

/// <summary>What a token may do. The numbers are stored.</summary>
[Flags]
internal enum Scopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read. Every other scope holds it.</summary>
    Read = 1,

    /// <summary>Report, push and remove deployments, and publish events.</summary>
    Deploy = 2,

    /// <summary>Manage hooks and their deliveries, and publish events.</summary>
    Hooks = 4,

    /// <summary>Everything, tokens and the audit log among it.</summary>
    Admin = 8,
}

namespace Nyala.Server.Access;

/// <summary>What a token may do. The values are stored in the database.</summary>
[Flags]
internal enum Scopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read. Every other scope includes this.</summary>
    Read = 1,

    /// <summary>Report, push and remove deployments, and publish events.</summary>
    Deploy = 2,

    /// <summary>Manage hooks and their deliveries, and publish events.</summary>
    Hooks = 4,

    /// <summary>Everything, including tokens and the audit log.</summary>
    Admin = 8,
}

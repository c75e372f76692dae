namespace Nyala.Server.Storage;

/// <summary>The originator of a change.</summary>
/// <param name="Token">The token's id; null for the data folder's admin token, and for the server itself.</param>
/// <param name="Name">The token's name.</param>
/// <param name="Address">The remote address; null if the change came from no request.</param>
internal sealed record Actor(long? Token, string Name, string? Address)
{
    /// <summary>The server itself, for changes that it makes without a request.</summary>
    public static Actor Server { get; } = new(null, "server", null);
}

/// <summary>An entry of the audit log: a change and its originator.</summary>
/// <param name="Id">The entry's id; ids increase with time.</param>
/// <param name="Action">What was done, such as <c>hook.created</c>.</param>
/// <param name="Target">The id of the changed object. The action determines its kind.</param>
/// <param name="Site">The site of the target; null for an object of the root.</param>
/// <param name="Details">A small JSON object without secrets.</param>
internal sealed record AuditRecord(long Id, DateTimeOffset Time, Actor Actor, string Action, string Target, string? Site, string Details);

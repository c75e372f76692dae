namespace Nyala.Server.Storage;

/// <summary>Who changes something.</summary>
/// <param name="Token">The token's id; null for the data folder's admin token, and for the server itself.</param>
/// <param name="Name">The token's name.</param>
/// <param name="Address">The remote address; null if the change came from no request.</param>
internal sealed record Actor(long? Token, string Name, string? Address)
{
    /// <summary>The server, which changes something by itself.</summary>
    public static Actor Server { get; } = new(null, "server", null);
}

/// <summary>A change, and who made it.</summary>
/// <param name="Id">Time-ordered.</param>
/// <param name="Action">What was done, such as <c>hook.created</c>.</param>
/// <param name="Target">What it was done to: an id, within what the action names.</param>
/// <param name="Site">The site of the target; null at the root.</param>
/// <param name="Details">A small JSON object, which holds no secret.</param>
internal sealed record AuditRecord(long Id, DateTimeOffset Time, Actor Actor, string Action, string Target, string? Site, string Details);

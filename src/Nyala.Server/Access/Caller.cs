using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Nyala.Server.Storage;

namespace Nyala.Server.Access;

/// <summary>Who makes a request, once its token is known.</summary>
/// <param name="Token">The token's id; null for the data folder's admin token.</param>
/// <param name="Name">The token's name.</param>
/// <param name="Scopes">What the token may do.</param>
/// <param name="Site">The one site that the token is good for; null for every one.</param>
internal sealed record Caller(long? Token, string Name, Scopes Scopes, string? Site)
{
    /// <summary>When the token expires; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>
    /// Whether the caller sees credentials: the whole callback URL, and what was sent to it. URLs of Slack, Discord
    /// and Logic Apps give access to everyone who knows them.
    /// </summary>
    public bool SeesCallbacks => (Scopes & (Scopes.Hooks | Scopes.Admin)) != 0;

    /// <summary>Whether the caller sees a site's command, which may contain secrets: callers that may deploy, and so run commands anyway.</summary>
    public bool SeesCommands => (Scopes & (Scopes.Deploy | Scopes.Admin)) != 0;

    /// <summary>The caller of a request that was let in.</summary>
    public static Caller Of(HttpContext http) => http.Features.GetRequiredFeature<Caller>();

    /// <summary>Where the request came from. An IPv4 address in its own form, also where the server listens on IPv6.</summary>
    public static IPAddress? AddressOf(HttpContext http) =>
        http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : http.Connection.RemoteIpAddress;

    /// <summary>The caller, as the audit log names it.</summary>
    public static Actor ActorOf(HttpContext http)
    {
        Caller caller = Of(http);
        return new Actor(caller.Token, caller.Name, AddressOf(http)?.ToString());
    }
}

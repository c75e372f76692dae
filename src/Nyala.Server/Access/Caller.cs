using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Nyala.Server.Storage;

namespace Nyala.Server.Access;

/// <summary>The caller of a request, identified by its token.</summary>
/// <param name="Token">The token's id; null for the data folder's admin token.</param>
/// <param name="Name">The token's name.</param>
/// <param name="Scopes">The token's scopes.</param>
/// <param name="Site">The only site that the token is valid for; null for every site.</param>
internal sealed record Caller(long? Token, string Name, Scopes Scopes, string? Site)
{
    /// <summary>When the token expires; null if it does not expire.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>
    /// Whether the caller sees what may be a credential: whole callback URLs, the bodies of events, and the headers and bodies of requests and responses. URLs of Slack, Discord
    /// and Logic Apps give access to anyone who knows them.
    /// </summary>
    public bool SeesContents => (Scopes & (Scopes.Hooks | Scopes.Admin)) != 0;

    /// <summary>
    /// Whether the caller sees a site's command, which may contain secrets. Callers that may deploy see it, because they can run commands anyway.
    /// </summary>
    public bool SeesCommands => (Scopes & (Scopes.Deploy | Scopes.Admin)) != 0;

    /// <summary>Returns the caller of an authenticated request.</summary>
    public static Caller Of(HttpContext http) => http.Features.GetRequiredFeature<Caller>();

    /// <summary>Returns the address that the request came from. An IPv4 address is in IPv4 form, even if the server listens on IPv6.</summary>
    public static IPAddress? AddressOf(HttpContext http) =>
        http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : http.Connection.RemoteIpAddress;

    /// <summary>Returns the caller as the audit log names it.</summary>
    public static Actor ActorOf(HttpContext http)
    {
        Caller caller = Of(http);
        return new Actor(caller.Token, caller.Name, AddressOf(http)?.ToString());
    }
}

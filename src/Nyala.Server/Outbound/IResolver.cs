using System.Net;
using System.Net.Sockets;

namespace Nyala.Server.Outbound;

/// <summary>Resolves host names.</summary>
internal interface IResolver
{
    /// <summary>Returns all addresses of a host name.</summary>
    /// <exception cref="SocketException">The name is unknown, or cannot be resolved now.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}

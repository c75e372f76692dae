using System.Net;
using System.Net.Sockets;

namespace Nyala.Server.Outbound;

/// <summary>Looks names up.</summary>
internal interface IResolver
{
    /// <summary>All addresses of a host name.</summary>
    /// <exception cref="SocketException">The name is not known, or cannot be looked up now.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}

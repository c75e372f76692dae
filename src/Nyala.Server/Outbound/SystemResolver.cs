using System.Net;

namespace Nyala.Server.Outbound;

/// <summary>Looks names up as every program of this machine does.</summary>
internal sealed class SystemResolver : IResolver
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);
}

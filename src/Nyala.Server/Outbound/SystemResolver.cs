using System.Net;

namespace Nyala.Server.Outbound;

/// <summary>Resolves names with the resolver of the operating system.</summary>
internal sealed class SystemResolver : IResolver
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);
}

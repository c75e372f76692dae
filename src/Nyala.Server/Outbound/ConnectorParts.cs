using System.Net;
using System.Net.Sockets;

namespace Nyala.Server.Outbound;

/// <summary>The parts that open connections, shared by all handlers.</summary>
internal sealed record ConnectorParts(AddressGuard Guard, IResolver Resolver, OutboundOptions Options, OutboundInstruments Instruments, TimeProvider Clock)
{
    /// <summary>Resolves a host once and checks all of its addresses.</summary>
    /// <returns>The addresses. Each of them may be connected to.</returns>
    /// <exception cref="AddressRefusedException">One of the addresses is refused, so none is connected to.</exception>
    /// <exception cref="SocketException">The name is unknown.</exception>
    public async Task<IPAddress[]> ResolveAndCheckAsync(string host, int port, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(host, out IPAddress? address) ? [address] : await Resolver.ResolveAsync(host, cancellationToken);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.NoData);
        }

        if (Guard.Judge(host, port, addresses) is { } refusal)
        {
            Instruments.AddressRefused();
            throw new AddressRefusedException(refusal);
        }

        return addresses;
    }
}

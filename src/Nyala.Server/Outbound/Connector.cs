using System.Net;
using System.Net.Sockets;

namespace Nyala.Server.Outbound;

/// <summary>Opens the connections of the two handlers: resolves once, vets every address, connects to a vetted one.</summary>
internal sealed class Connector(AddressGuard guard)
{
    /// <exception cref="AddressRefusedException">One of the host's addresses is refused: then none is called.</exception>
    /// <exception cref="SocketException">The name is not known, or nobody answers there.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        string host = context.DnsEndPoint.Host;
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        foreach (IPAddress address in addresses)
        {
            if (guard.Refuses(address) is { } rule)
            {
                throw new AddressRefusedException(host, address, rule);
            }
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

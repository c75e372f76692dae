using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Nyala.Server.Outbound;

/// <summary>What opens connections: shared by every handler.</summary>
internal sealed record ConnectorParts(AddressGuard Guard, IResolver Resolver, OutboundOptions Options, OutboundInstruments Instruments, TimeProvider Clock)
{
    /// <summary>Looks a host up, once, and vets every address of it.</summary>
    /// <returns>The addresses, of which each may be called.</returns>
    /// <exception cref="AddressRefusedException">One of them is refused: then none is called.</exception>
    /// <exception cref="SocketException">The name is not known.</exception>
    public async Task<IPAddress[]> VetAsync(string host, int port, CancellationToken cancellationToken)
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

/// <summary>
/// Opens the connections of one handler: resolves once, vets every address, connects to a vetted one and does TLS, so that it is known what each
/// of them took.
/// </summary>
internal sealed class Connector(ConnectorParts parts, TlsTerms terms)
{
    private static readonly HttpRequestOptionsKey<OpeningTimes> Key = new("Nyala.OpeningTimes");

    /// <exception cref="AddressRefusedException">One of the host's addresses is refused: then none is called.</exception>
    /// <exception cref="SocketException">The name is not known, nobody answers there, or it took too long.</exception>
    /// <exception cref="TlsFailedException">The handshake failed.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(parts.Options.ConnectTimeout, parts.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await OpenAsync(context, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    /// <summary>Takes over a connection that is ready to be written to.</summary>
    public ValueTask<Stream> AttachAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
    {
        context.InitialRequestMessage.Options.TryGetValue(Key, out OpeningTimes? times);
        return ValueTask.FromResult<Stream>(new Wire(context.PlaintextStream, times, parts.Clock));
    }

    private async Task<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        (string host, int port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        long start = parts.Clock.GetTimestamp();
        IPAddress[] addresses = await parts.VetAsync(host, port, cancellationToken);
        long resolved = parts.Clock.GetTimestamp();
        Stream stream = await ConnectAsync(addresses, port, cancellationToken);
        long connected = parts.Clock.GetTimestamp();
        bool secure = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttps;
        bool lacksCertificate = false;
        if (secure)
        {
            // The framework takes a stream that speaks TLS already as it is.
            (stream, lacksCertificate) = await SecureAsync(stream, host, cancellationToken);
        }

        parts.Instruments.ConnectionOpened();
        context.InitialRequestMessage.Options.Set(Key, new OpeningTimes(
            IPAddress.TryParse(host, out _) ? null : parts.Clock.GetElapsedTime(start, resolved),
            parts.Clock.GetElapsedTime(resolved, connected),
            secure ? parts.Clock.GetElapsedTime(connected) : null,
            lacksCertificate));
        return stream;
    }

    private static async Task<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<(SslStream Stream, bool LacksCertificate)> SecureAsync(Stream stream, string host, CancellationToken cancellationToken)
    {
        var secured = new SslStream(stream);
        bool wanted = false;
        try
        {
            await secured.AuthenticateAsClientAsync(terms.For(host.TrimEnd('.'), () => wanted = true), cancellationToken);
            return (secured, wanted);
        }
        catch (Exception error)
        {
            await secured.DisposeAsync();
            throw error switch
            {
                AuthenticationException => new TlsFailedException(TlsFailure.OfHandshake(error, terms.ShowsCertificate, wanted), error),
                IOException => new TlsFailedException(TlsFailure.ClosedInHandshake, error),
                _ => error,
            };
        }
    }
}

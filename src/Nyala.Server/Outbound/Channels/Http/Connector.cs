using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>
/// Opens the connections of one handler: resolves the host once, checks every address, connects to a checked one and does the TLS handshake. It does all steps
/// itself so that it can measure each of them.
/// </summary>
internal sealed class Connector(ConnectorParts parts, TlsContext terms)
{
    private static readonly HttpRequestOptionsKey<ConnectTimings> Key = new("Nyala.ConnectTimings");

    /// <exception cref="AddressRefusedException">One of the host's addresses is refused, so none is connected to.</exception>
    /// <exception cref="SocketException">The name is unknown, nothing accepts the connection, or the connection took too long.</exception>
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

    /// <summary>Wraps a connection that is ready to be written to.</summary>
    public ValueTask<Stream> AttachAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
    {
        context.InitialRequestMessage.Options.TryGetValue(Key, out ConnectTimings? times);
        return ValueTask.FromResult<Stream>(new TrackedConnection(context.PlaintextStream, times, parts.Clock));
    }

    private async Task<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        (string host, int port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        long start = parts.Clock.GetTimestamp();
        IPAddress[] addresses = await parts.ResolveAndCheckAsync(host, port, cancellationToken);
        long resolved = parts.Clock.GetTimestamp();
        Stream stream = await ConnectAsync(addresses, port, cancellationToken);
        long connected = parts.Clock.GetTimestamp();
        bool secure = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttps;
        bool lacksCertificate = false;
        if (secure)
        {
            // The framework uses a stream that already speaks TLS as it is.
            (stream, lacksCertificate) = await SecureAsync(stream, host, cancellationToken);
        }

        parts.Instruments.ConnectionOpened();
        context.InitialRequestMessage.Options.Set(Key, new ConnectTimings(
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

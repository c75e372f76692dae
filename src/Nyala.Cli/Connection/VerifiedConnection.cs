using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Nyala.Server.Hosting;

namespace Nyala.Cli.Connection;

/// <summary>
/// Opens connections to the server that holds a data folder, and to no other program: a program that has taken over the port of a killed server must not get a
/// token. The server proves on each connection that it holds the folder, before anything else is sent.
/// </summary>
/// <param name="dataFolder">The data folder.</param>
internal sealed class VerifiedConnection(string dataFolder)
{
    private const int MaxAnswerLength = 4096;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Uri address = context.InitialRequestMessage.RequestUri!;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (address.Scheme == Uri.UriSchemeHttps)
            {
                var secure = new SslStream(stream);
                stream = secure;
                await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = address.IdnHost }, cancellationToken);
            }

            await ProveAsync(stream, address, cancellationToken);
            return stream;
        }
        catch
        {
            socket.Dispose();
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            throw;
        }
    }

    private async Task ProveAsync(Stream stream, Uri address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        string nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        bool proved;
        try
        {
            byte[] request = Encoding.ASCII.GetBytes($"GET {DataFolderProof.Path}?nonce={nonce} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");
            await stream.WriteAsync(request, limit.Token);
            string? answer = await ReadAsync(stream, limit.Token);

            // The key is read after the response, because a server that has just started has written its key by then.
            proved = answer is not null && DataFolderProof.In(dataFolder)?.Is(answer, nonce, address.Port) == true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            proved = false;
        }

        if (!proved)
        {
            throw new HttpRequestException(
                $"the program that listens there does not hold the data folder {dataFolder}, so no token was sent. The server for that folder has stopped, or is older than this program");
        }
    }

    /// <summary>Reads the body of a short response with status 200; returns null for any other response.</summary>
    private static async Task<string?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[MaxAnswerLength];
        int end = 0;
        int body = -1;
        while (body < 0)
        {
            int read = end < bytes.Length ? await stream.ReadAsync(bytes.AsMemory(end), cancellationToken) : 0;
            if (read == 0)
            {
                return null;
            }

            end += read;
            body = bytes.AsSpan(0, end).IndexOf("\r\n\r\n"u8);
        }

        string head = Encoding.ASCII.GetString(bytes, 0, body);
        body += 4;
        if (!head.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) || LengthOf(head) is not { } length || body + length > bytes.Length)
        {
            return null;
        }

        if (end < body + length)
        {
            await stream.ReadExactlyAsync(bytes.AsMemory(end, body + length - end), cancellationToken);
        }

        return Encoding.ASCII.GetString(bytes, body, length);
    }

    private static int? LengthOf(string head)
    {
        const string Name = "Content-Length:";
        string? line = head.Split("\r\n").FirstOrDefault(line => line.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        return line is not null && int.TryParse(line[Name.Length..].Trim(), null, out int length) && length >= 0 ? length : null;
    }
}

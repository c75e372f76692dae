using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound;

/// <summary>
/// A small forward proxy for requests in absolute form and CONNECT tunnels. It sends everything to one local port, whatever the host name.
/// </summary>
internal sealed class EgressProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly int _port;
    private readonly string? _authorization;
    private readonly Task _serving;

    /// <param name="port">The local port that every host name leads to.</param>
    /// <param name="credentials">The required <c>user:password</c>; null if none is required.</param>
    public EgressProxy(int port, string? credentials = null)
    {
        _port = port;
        _authorization = credentials is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The proxy's host and port.</summary>
    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>The heads of the requests that the proxy accepted.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving;
        await Task.WhenAll(_connections).InTimeAsync();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(TakeAsync(await _listener.AcceptSocketAsync(_end.Token)));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TakeAsync(Socket connection)
    {
        try
        {
            await using var client = new NetworkStream(connection, ownsSocket: true);
            while (await ReadHeadAsync(client) is { Length: > 0 } head)
            {
                if (_authorization is not null && !head.Contains($"Proxy-Authorization: {_authorization}\r\n", StringComparison.Ordinal))
                {
                    await ReadBodyAsync(client, head);
                    await client.WriteAsync(
                        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _end.Token);
                    continue;
                }

                _requests.Enqueue(head);
                using var receiver = new TcpClient();
                await receiver.ConnectAsync(IPAddress.Loopback, _port, _end.Token);
                await using NetworkStream server = receiver.GetStream();
                if (head.StartsWith("CONNECT ", StringComparison.Ordinal))
                {
                    await client.WriteAsync("HTTP/1.1 200 Connected\r\n\r\n"u8.ToArray(), _end.Token);
                }
                else
                {
                    // One request for each connection is enough here.
                    string origin = head.Replace("HTTP/1.1\r\n", "HTTP/1.1\r\nConnection: close\r\n", StringComparison.Ordinal);
                    await server.WriteAsync(Encoding.ASCII.GetBytes(origin), _end.Token);
                }

                await Task.WhenAny(client.CopyToAsync(server, _end.Token), server.CopyToAsync(client, _end.Token));
                return;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or SocketException)
        {
            // One of the two ends closed its connection, or the test is over.
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream client)
    {
        var head = new StringBuilder();
        byte[] next = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await client.ReadAsync(next, _end.Token) == 0)
            {
                return "";
            }

            head.Append((char)next[0]);
        }

        return head.ToString();
    }

    private async Task ReadBodyAsync(NetworkStream client, string head)
    {
        string? length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))?.Split(' ')[1];
        await client.ReadExactlyAsync(new byte[int.Parse(length ?? "0", System.Globalization.CultureInfo.InvariantCulture)], _end.Token);
    }
}

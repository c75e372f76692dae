using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Nyala.Bench;

/// <summary>
/// A receiver with almost no cost: it reads requests from a socket and responds with 200 and an empty body. It never responds to paths below <c>/hang/</c>. It
/// is not a web server, so that the cores are free for the measurement.
/// </summary>
internal sealed class Receiver : IDisposable
{
    private const int MaxRequest = 64 * 1024;

    private static readonly byte[] Answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Action? _received;

    /// <param name="received">Called when a complete request was read, before the response is sent.</param>
    public Receiver(Action? received = null)
    {
        _received = received;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1024);
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/");

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync();
                socket.NoDelay = true;
                _ = Task.Run(() => ServeAsync(socket));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The listener was disposed.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        byte[] buffer = new byte[MaxRequest];
        int filled = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(filled)) is > 0 and int read)
            {
                filled += read;
                while (LengthOf(buffer.AsSpan(0, filled)) is { } length && length <= filled)
                {
                    _received?.Invoke();
                    if (!buffer.AsSpan(0, filled).StartsWith("POST /hang/"u8))
                    {
                        await socket.SendAsync(Answer);
                    }

                    buffer.AsSpan(length, filled - length).CopyTo(buffer);
                    filled -= length;
                }
            }
        }
        catch (SocketException)
        {
            // The sender closed the connection.
        }
        finally
        {
            socket.Dispose();
        }
    }

    /// <summary>Returns the length of the first request in the buffer; null if its head is incomplete.</summary>
    private static int? LengthOf(ReadOnlySpan<byte> request)
    {
        int head = request.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> name = "Content-Length: "u8;
        int at = request[..head].IndexOf(name);
        int body = at >= 0 && Utf8Parser.TryParse(request[(at + name.Length)..], out int value, out _) ? value : 0;
        return head + 4 + body;
    }
}

using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Nyala.Bench;

/// <summary>
/// A receiver that costs next to nothing: it reads requests off a socket and answers 200 with an empty body, save to a path below
/// <c>/hang/</c>, where it answers nothing. No web server, so that the cores are left to what is measured.
/// </summary>
internal sealed class Receiver : IDisposable
{
    private const int MaxRequest = 64 * 1024;

    private static readonly byte[] Answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Action? _received;

    /// <param name="received">Called when a request has been read whole, before it is answered.</param>
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
            // Disposed: the end.
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
            // The sender has gone.
        }
        finally
        {
            socket.Dispose();
        }
    }

    /// <summary>The length of the request that begins here; null while its head is not whole.</summary>
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

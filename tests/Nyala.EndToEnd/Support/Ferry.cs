using System.Net;
using System.Net.Sockets;

namespace Nyala.EndToEnd.Support;

/// <summary>A slow connection to a server. It forwards a limited number of bytes from the client, and the rest when the test opens it.</summary>
internal sealed class Ferry : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = new();
    private readonly Uri _server;
    private readonly int _most;
    private readonly Task _serving;

    /// <param name="server">The server to forward to.</param>
    /// <param name="most">The number of bytes of a connection that are forwarded before <see cref="Open"/> is called.</param>
    public Ferry(Uri server, int most)
    {
        (_server, _most) = (server, most);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The host and port to connect to.</summary>
    public string Authority => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Completes when the first bytes are held back.</summary>
    public Task<bool> Held => _held.Task;

    /// <summary>Forwards everything from now on.</summary>
    public void Open() => _open.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Open();
        await _over.CancelAsync();
        _listener.Stop();
        await _serving.ContinueWith(_ => { }, TaskScheduler.Default);
        _over.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(_over.Token);
            _ = Task.Run(() => CarryAsync(client), CancellationToken.None);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(_server.Host, _server.Port, _over.Token);
            await Task.WhenAny(SendAsync(client.GetStream(), server.GetStream()), server.GetStream().CopyToAsync(client.GetStream(), _over.Token));
        }
    }

    private async Task SendAsync(NetworkStream from, NetworkStream to)
    {
        byte[] buffer = new byte[4096];
        long passed = 0;
        int read;
        while ((read = await from.ReadAsync(buffer, _over.Token)) > 0)
        {
            passed += read;
            if (passed > _most && !_open.Task.IsCompleted)
            {
                _held.TrySetResult(true);
                await _open.Task.WaitAsync(_over.Token);
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _over.Token);
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Nyala.EndToEnd.Support;

/// <summary>A receiver of callbacks that answers 200, at once or when it is let.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Channel<Received> _requests = Channel.CreateUnbounded<Received>();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private TaskCompletionSource _answer = new();
    private WebApplication? _application;

    private Receiver()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _answer.SetResult();
    }

    public string Url => $"http://{_socket.LocalEndPoint}/";

    /// <summary>A receiver that is down: its port is its own, but nobody listens.</summary>
    public static Receiver Down() => new();

    public static async Task<Receiver> StartAsync()
    {
        Receiver receiver = Down();
        await receiver.ListenAsync();
        return receiver;
    }

    /// <summary>A port of this machine where nobody listens.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Comes up.</summary>
    public async Task ListenAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(sockets => sockets.CreateBoundListenSocket = _ => _socket).UseUrls(Url);
        _application = builder.Build();
        _application.Run(TakeAsync);
        await _application.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Takes requests from now on, but leaves them without an answer.</summary>
    public void Hold() => _answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers what was held, and all that comes.</summary>
    public void Release() => _answer.TrySetResult();

    /// <summary>Waits for the next request.</summary>
    public Task<Received> NextAsync() => _requests.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync("a callback comes");

    /// <summary>Whether a request has come that was not read yet.</summary>
    public bool HasMore => _requests.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        Release();
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _socket.Dispose();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _requests.Writer.TryWrite(new Received(context.Request.Path, headers, body.ToArray()));
        await _answer.Task.WaitAsync(context.RequestAborted);
    }
}

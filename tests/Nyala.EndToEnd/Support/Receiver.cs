using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Nyala.EndToEnd.Support;

/// <summary>A receiver of webhooks that returns 200 or another status, immediately or when the test releases it. It can go down and come up again.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Channel<Received> _requests = Channel.CreateUnbounded<Received>();
    private readonly IPEndPoint _address;
    private Socket _socket;
    private TaskCompletionSource _answer = new();
    private WebApplication? _application;

    private Receiver(int port)
    {
        _socket = Bound(new IPEndPoint(IPAddress.Loopback, port));
        _address = (IPEndPoint)_socket.LocalEndPoint!;
        _answer.SetResult();
    }

    public string Url => $"http://{_address}/";

    /// <summary>Returns the status code of the response to a request.</summary>
    public Func<Received, int> Status { get; set; } = _ => StatusCodes.Status200OK;

    /// <summary>Creates a receiver that is down: it reserves its port but does not listen.</summary>
    public static Receiver Down() => new(0);

    /// <summary>Starts a receiver on this port.</summary>
    public static async Task<Receiver> OnAsync(int port)
    {
        var receiver = new Receiver(port);
        await receiver.ListenAsync();
        return receiver;
    }

    public static async Task<Receiver> StartAsync()
    {
        Receiver receiver = Down();
        await receiver.ListenAsync();
        return receiver;
    }

    /// <summary>Starts to listen.</summary>
    public async Task ListenAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(sockets => sockets.CreateBoundListenSocket = _ => _socket).UseUrls(Url);
        _application = builder.Build();
        _application.Run(TakeAsync);
        await _application.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Goes down: open connections are cut off, and the port refuses new ones.</summary>
    public async Task GoDownAsync()
    {
        await _application!.DisposeAsync();
        _application = null;
        _socket = Bound(_address);
    }

    /// <summary>From now on, accepts requests but does not respond to them.</summary>
    public void Hold() => _answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Responds to the held requests and to all later ones.</summary>
    public void Release() => _answer.TrySetResult();

    /// <summary>Waits for the next request and returns it.</summary>
    public Task<Received> NextAsync() => _requests.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync("a callback comes");

    /// <summary>Goes down, discards the requests that have arrived, and comes up again. Requests that arrive later were also sent later.</summary>
    public async Task ForgetAsync()
    {
        Release();
        await GoDownAsync();
        while (_requests.Reader.TryRead(out _))
        {
        }

        await ListenAsync();
    }

    /// <summary>Whether a request has arrived that was not read yet.</summary>
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
        var received = new Received(context.Request.Path, headers, body.ToArray()) { Method = context.Request.Method };
        context.Response.StatusCode = Status(received);
        _requests.Writer.TryWrite(received);
        await _answer.Task.WaitAsync(context.RequestAborted);
    }

    private static Socket Bound(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(address);
        return socket;
    }
}

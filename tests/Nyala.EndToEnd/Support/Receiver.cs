using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Nyala.EndToEnd.Support;

/// <summary>A receiver of callbacks that answers 200.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Channel<JsonElement> _bodies = Channel.CreateUnbounded<JsonElement>();
    private readonly WebApplication _application;

    private Receiver(int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        _application = builder.Build();
        _application.Run(async context =>
        {
            using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            _bodies.Writer.TryWrite(body.RootElement.Clone());
        });
    }

    public static async Task<Receiver> StartAsync(int port)
    {
        var receiver = new Receiver(port);
        await receiver._application.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>A port of this machine where nobody listens.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits for the next callback's body.</summary>
    public ValueTask<JsonElement> NextAsync() => _bodies.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}

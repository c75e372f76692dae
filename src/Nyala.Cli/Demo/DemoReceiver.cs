using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Nyala.Cli.Demo;

/// <summary>The demo's receiver: it keeps each request and responds with 200.</summary>
internal sealed class DemoReceiver : IAsyncDisposable
{
    private const string Path = "/deployed";
    private const int MaxBody = 1024 * 1024;

    private readonly Channel<DemoRequest> _requests = Channel.CreateUnbounded<DemoRequest>();
    private readonly WebApplication _application;

    public DemoReceiver()
    {
        // The empty builder reads no configuration file in the working folder and no environment variables.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MaxBody);
        _application = builder.Build();
        _application.Run(ReceiveAsync);
    }

    /// <summary>Starts the receiver and returns its callback URL.</summary>
    public async Task<Uri> StartAsync(CancellationToken cancellationToken)
    {
        await _application.StartAsync(cancellationToken);
        return new Uri(new Uri(_application.Urls.First()), Path);
    }

    /// <summary>Waits for the next request.</summary>
    public ValueTask<DemoRequest> NextAsync(CancellationToken cancellationToken) => _requests.Reader.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        HttpRequest request = context.Request;
        _requests.Writer.TryWrite(new DemoRequest(
            $"{request.Method} {request.Path} {request.Protocol}",
            [.. request.Headers.Select(header => (header.Key, header.Value.ToString()))],
            body.ToArray()));
    }
}

/// <summary>A request as it was received: its first line, its headers, and its body byte for byte.</summary>
internal sealed record DemoRequest(string Line, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public string? Header(string name) => Headers
        .Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(header => header.Value)
        .FirstOrDefault();
}

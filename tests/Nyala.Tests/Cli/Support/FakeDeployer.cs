using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Nyala.Tests.Cli.Support;

/// <summary>A server that accepts every deployment and sends the log that the test specifies, over connections that break.</summary>
internal sealed class FakeDeployer : IAsyncDisposable
{
    public const string Success = "event: end\ndata: {\"id\":\"d1\",\"status\":4,\"site_name\":\"shop\",\"complete\":true,\"start_time\":\"2026-02-27T17:45:06Z\",\"end_time\":\"2026-02-27T17:45:08Z\"}\n\n";
    public const string Failure = "event: end\ndata: {\"id\":\"d1\",\"status\":3,\"status_text\":\"exit code 3\",\"site_name\":\"shop\",\"complete\":true}\n\n";

    private const string Begun = """{"id":"d1","status":0,"site_name":"shop"}""";

    private readonly WebApplication _application;
    private readonly Queue<string?> _streams;

    private FakeDeployer(IEnumerable<string?> streams)
    {
        _streams = new(streams);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _application = builder.Build();
        _application.Run(HandleAsync);
    }

    public Uri Address => new(_application.Urls.First());

    /// <summary>The requests. If a request resumes a log, it includes the id of the last event that the client has.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>The body of the request that started a deployment.</summary>
    public byte[] Body { get; private set; } = [];

    /// <summary>The error response to a request that starts a deployment; null accepts the request.</summary>
    public (int Status, string Type, string Text)? Refusal { get; init; }

    /// <summary>Starts a server.</summary>
    /// <param name="streams">What each connection to the log sends before it breaks; null returns 503.</param>
    public static Task<FakeDeployer> StartAsync(params string?[] streams) => StartAsync(new FakeDeployer(streams));

    public static Task<FakeDeployer> RefusingAsync(int status, string type, string text) => StartAsync(new FakeDeployer([]) { Refusal = (status, type, text) });

    /// <summary>Returns a log line in the format of the server.</summary>
    public static string Log(int seq, string message, int type = 0) =>
        $"event: log\nid: {seq}\ndata: {{\"log_time\":\"2026-02-27T17:45:06Z\",\"id\":\"{seq}\",\"message\":\"{message}\",\"type\":{type}}}\n\n";

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static async Task<FakeDeployer> StartAsync(FakeDeployer fake)
    {
        await fake._application.StartAsync(TestContext.Current.CancellationToken);
        return fake;
    }

    private async Task HandleAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (request.Method == "GET" && request.Path.StartsWithSegments("/api/sites", out PathString site))
        {
            await context.Response.WriteAsJsonAsync(new { name = site.Value!.Trim('/'), branch = "main", git_url = "" });
            return;
        }

        string behind = request.Headers.TryGetValue("Last-Event-ID", out Microsoft.Extensions.Primitives.StringValues last) ? $" behind {last}" : "";
        Requests.Add($"{request.Method} {request.Path}{request.QueryString}{behind}");
        if (request.Path.Value!.EndsWith("/log/stream", StringComparison.Ordinal))
        {
            await StreamAsync(context);
            return;
        }

        if (Refusal is { } refusal)
        {
            context.Response.StatusCode = refusal.Status;
            context.Response.ContentType = refusal.Type;
            await context.Response.WriteAsync(refusal.Text);
            return;
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted);
        Body = body.ToArray();
        context.Response.StatusCode = request.Method == "DELETE" ? 204 : 202;
        if (request.Method != "DELETE")
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Begun);
        }
    }

    private async Task StreamAsync(HttpContext context)
    {
        string? stream = _streams.Count > 0 ? _streams.Dequeue() : null;
        if (stream is null)
        {
            context.Response.StatusCode = 503;
            return;
        }

        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(": here\n\n" + stream);
        await context.Response.Body.FlushAsync();
        if (!stream.Contains("event: end", StringComparison.Ordinal) && _streams.Count % 2 == 0)
        {
            context.Abort();
        }
    }
}

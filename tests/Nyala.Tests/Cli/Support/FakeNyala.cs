using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Nyala.Tests.Cli.Support;

/// <summary>
/// A server that records its requests and returns the responses that the test specifies. It can do what the real server
/// never does, such as hang or fail on request.
/// </summary>
internal sealed class FakeNyala : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Func<Call, (int Status, string Body)?> _answer;
    private readonly Channel<Call> _calls = Channel.CreateUnbounded<Call>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FakeNyala(int port, Func<Call, (int Status, string Body)?> answer)
    {
        _answer = answer;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        _application = builder.Build();
        _application.Run(HandleAsync);
    }

    /// <summary>Completes when a caller has given up waiting for a response.</summary>
    public Task GivenUp => _givenUp.Task;

    public Uri Address => new(_application.Urls.First());

    public static (int Status, string Body) Fine(Call call) => call.Method switch
    {
        "PUT" => (200, """{"id":"x"}"""),
        "GET" => (200, "[]"),
        _ => (200, ""),
    };

    /// <summary>Starts a server.</summary>
    /// <param name="answer">Returns the response to a call, or null to leave it without a response. Without this function, every call succeeds.</param>
    /// <param name="port">The port to listen on; 0 chooses a free one.</param>
    public static async Task<FakeNyala> StartAsync(Func<Call, (int Status, string Body)?>? answer = null, int port = 0)
    {
        var fake = new FakeNyala(port, answer ?? (call => Fine(call)));
        await fake._application.StartAsync(TestContext.Current.CancellationToken);
        return fake;
    }

    /// <summary>Waits for the next call and returns it.</summary>
    public async Task<Call> NextAsync() => await _calls.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Returns the calls that arrived and were not returned before.</summary>
    public IReadOnlyList<Call> Calls()
    {
        var calls = new List<Call>();
        while (_calls.Reader.TryRead(out Call? call))
        {
            calls.Add(call);
        }

        return calls;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _application.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        string body = await reader.ReadToEndAsync(context.RequestAborted);
        HttpRequest request = context.Request;
        var call = new Call(request.Method, request.Path + request.QueryString, body, Header("Authorization"), Header("Prefer"));
        (int Status, string Body)? answer = _answer(call);
        _calls.Writer.TryWrite(call);
        if (answer is not { } given)
        {
            var never = new TaskCompletionSource();
            using CancellationTokenRegistration stop = _stopping.Token.Register(() => never.TrySetResult());
            using CancellationTokenRegistration gone = context.RequestAborted.Register(() =>
            {
                _givenUp.TrySetResult();
                never.TrySetResult();
            });
            await never.Task;
            return;
        }

        context.Response.StatusCode = given.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(given.Body, context.RequestAborted);

        string? Header(string name) => request.Headers.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues value) ? value.ToString() : null;
    }
}

using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Nyala.Tests.Support;

/// <summary>A receiver of callbacks that keeps what it got. It answers 200 with no body, unless a test says otherwise.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();
    private readonly Lock _gate = new();
    private readonly Queue<Answer> _answers = new();
    private readonly HashSet<string> _connections = [];
    private readonly WebApplication _application;
    private readonly string _callback = Some.Callback();
    private TaskCompletionSource _open = Opened();
    private Answer _usual = new(StatusCodes.Status200OK);
    private int _count;

    private Receiver()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(ReceiveAsync);
    }

    /// <summary>The callback to subscribe.</summary>
    public Uri Url => new(new Uri(_application.Urls.First()), _callback);

    /// <summary>How many requests have come.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many connections have brought requests.</summary>
    public int Connections
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Starts one on a free port.</summary>
    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver();
        await receiver._application.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Waits for the next request, in the order in which they came.</summary>
    public Task<Received> NextAsync() => _received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync();

    /// <summary>Gives these answers to the next requests, one each, and then the usual one.</summary>
    public void AnswerNext(params IEnumerable<Answer> answers)
    {
        lock (_gate)
        {
            foreach (Answer answer in answers)
            {
                _answers.Enqueue(answer);
            }
        }
    }

    /// <summary>Gives this answer from now on.</summary>
    public void AnswerAlways(int status) => _usual = new Answer(status);

    /// <summary>Takes requests from now on, and answers none of them before <see cref="Release"/>.</summary>
    public void Hold() => Volatile.Write(ref _open, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Release() => Volatile.Read(ref _open).TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _application.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        // A late call for a receiver that had the same port before.
        if (context.Request.Path.StartsWithSegments("/callback") && !context.Request.Path.StartsWithSegments(_callback))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Answer? answer;
        Task open = Volatile.Read(ref _open).Task;
        lock (_gate)
        {
            answer = _answers.TryDequeue(out Answer? next) ? next : _usual;
            _connections.Add(context.Connection.Id);
            Interlocked.Increment(ref _count);
            _received.Writer.TryWrite(Received.Of(context.Request, body.ToArray()));
        }

        await open.WaitAsync(context.RequestAborted);
        context.Response.StatusCode = answer.Status;
        foreach ((string name, string value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}

/// <summary>What a receiver answers.</summary>
internal sealed record Answer(int Status, string Body = "", params (string Name, string Value)[] Headers);

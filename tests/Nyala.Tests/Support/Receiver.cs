using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Nyala.Tests.Support;

/// <summary>A receiver of callbacks that keeps the requests it gets. It responds with 200 and no body, unless a test sets another response.</summary>
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

    /// <summary>The number of requests that were received.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of connections on which requests were received.</summary>
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

    /// <summary>Starts a receiver on a free port.</summary>
    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver();
        await receiver._application.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Returns the next request, in the order in which they arrive. Waits if there is none yet.</summary>
    public Task<Received> NextAsync() => _received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync();

    /// <summary>Waits for the next requests, in the order of their arrival.</summary>
    public async Task<IReadOnlyList<Received>> ManyAsync(int count)
    {
        var received = new List<Received>(count);
        while (received.Count < count)
        {
            received.Add(await NextAsync());
        }

        return received;
    }

    /// <summary>Sends these responses to the next requests, one for each, and then the usual response.</summary>
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

    /// <summary>Responds with this status from now on.</summary>
    public void AnswerAlways(int status) => _usual = new Answer(status);

    /// <summary>Accepts requests from now on, but responds to none of them before <see cref="Release"/>.</summary>
    public void Hold() => Volatile.Write(ref _open, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Release() => Volatile.Read(ref _open).TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _application.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        // This is a late request for an earlier receiver that had the same port.
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

/// <summary>A response of a receiver.</summary>
internal sealed record Answer(int Status, string Body = "", params (string Name, string Value)[] Headers);

using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Nyala.Bench.Front;

/// <summary>
/// The least that can accept events over HTTP: Kestrel reads the request and responds with 202 and an empty body. With a receiver, it then posts the body
/// there from a queue in memory. Nothing is stored.
/// </summary>
internal sealed class BareKestrel
{
    // As many as Nyala has in flight for one hook.
    private const int InFlight = 16;
    private const int Backlog = 4096;

    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(Backlog);
    private long _accepted;
    private long _done;

    /// <summary>Runs the server in the other process until its input ends. It responds to each line with the numbers of accepted and of posted events.</summary>
    /// <param name="receiver">Where the bodies are posted; null for nowhere.</param>
    public static async Task<int> ServeAsync(Uri? receiver)
    {
        var server = new BareKestrel();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using WebApplication application = builder.Build();
        application.Run(receiver is null ? AcceptAsync : server.EnqueueAsync);
        await application.StartAsync();
        using BareClient? client = receiver is null ? null : new BareClient(receiver);
        for (int i = 0; client is not null && i < InFlight; i++)
        {
            _ = Task.Run(() => server.PostAsync(client));
        }

        await Console.Out.WriteLineAsync($"ready {application.Urls.Single()}/");
        while (await Console.In.ReadLineAsync() is not null)
        {
            await Console.Out.WriteLineAsync($"{Interlocked.Read(ref server._accepted)} {Interlocked.Read(ref server._done)}");
        }

        return 0;
    }

    private static async Task AcceptAsync(HttpContext http)
    {
        PipeReader reader = http.Request.BodyReader;
        ReadResult read;
        do
        {
            read = await reader.ReadAsync();
            reader.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);

        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private async Task EnqueueAsync(HttpContext http)
    {
        PipeReader reader = http.Request.BodyReader;
        ReadResult read = await reader.ReadAtLeastAsync((int)http.Request.ContentLength!);
        await _queue.Writer.WriteAsync(read.Buffer.ToArray());
        reader.AdvanceTo(read.Buffer.End);
        Interlocked.Increment(ref _accepted);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private async Task PostAsync(BareClient client)
    {
        try
        {
            await foreach (byte[] body in _queue.Reader.ReadAllAsync())
            {
                await client.PostAsync(body, CancellationToken.None);
                Interlocked.Increment(ref _done);
            }
        }
        catch (Exception error) when (error is BenchException or HttpRequestException)
        {
            // The end of this process ends the run.
            await Console.Error.WriteLineAsync(error.Message);
            Environment.Exit(1);
        }
    }
}

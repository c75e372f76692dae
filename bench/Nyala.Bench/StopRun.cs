using System.Diagnostics;

namespace Nyala.Bench;

/// <summary>Publishes one event that very many hooks hear, whose receiver answers none of them, and stops the server in the midst of it: how long the stop takes.</summary>
internal sealed class StopRun(string folder, int hooks, byte[] body, CancellationToken cancellationToken)
{
    // As many as the node has slots.
    private const int InFlight = 512;

    public async Task<TimeSpan> RunAsync()
    {
        string data = Path.Combine(folder, "stop");
        int received = 0;
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var receiver = new Receiver(() =>
        {
            if (Interlocked.Increment(ref received) == Math.Min(hooks, InFlight))
            {
                full.TrySetResult();
            }
        });
        await FanRun.PrepareAsync(data, new Uri(receiver.Address, "hang/"), hooks);
        var server = ColdProcess.Start(data, FanRun.Token);
        try
        {
            using var http = new HttpClient { BaseAddress = await server.ReadyAsync(cancellationToken) };
            http.DefaultRequestHeaders.Authorization = new("Bearer", FanRun.Token);
            Task publish = http.PostAsync("api/hooks/publish/bench.fan", new ByteArrayContent(body), cancellationToken);
            await full.Task.WaitAsync(cancellationToken);
            long start = Stopwatch.GetTimestamp();
            server.Dispose();
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            await publish;
            return took;
        }
        finally
        {
            server.Dispose();
        }
    }
}

using System.Diagnostics;

namespace Nyala.Bench;

/// <summary>
/// Publishes one event for a very large number of hooks whose receiver never responds, and stops the server while it sends. Measures how long the stop takes.
/// </summary>
internal sealed class StopRun(string folder, int hooks, byte[] body, CancellationToken cancellationToken)
{
    // The number of slots of a node.
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

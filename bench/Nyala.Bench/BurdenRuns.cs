using System.Diagnostics;

namespace Nyala.Bench;

/// <summary>Measures a server with many idle hooks, many pending deliveries, or many past attempts.</summary>
internal sealed class BurdenRuns(string folder, BenchOptions options, byte[] body, ReceiverProcess receiver, CancellationToken cancellationToken)
{
    private const int WaitingHooks = 100;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    /// <summary>Returns the additional memory in bytes for each idle hook, compared with a server without them.</summary>
    public async Task<double> IdleAsync()
    {
        long none = await MemoryOfIdleAsync(0);
        long many = await MemoryOfIdleAsync(options.IdleHooks);
        return (many - none) / (double)options.IdleHooks;
    }

    /// <summary>
    /// Starts a server with deliveries pending for a hundred hooks. Measures the time until the first and all of them are received, and the peak memory until
    /// then.
    /// </summary>
    public async Task<PendingFigures> PendingAsync()
    {
        string data = Path.Combine(folder, "pending");
        TaskCompletionSource<long> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int left = options.Pending;
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var own = new Receiver(() =>
        {
            first.TrySetResult(Stopwatch.GetTimestamp());
            if (Interlocked.Decrement(ref left) == 0)
            {
                all.TrySetResult();
            }
        });
        await PrepareAsync(data, own.Address, WaitingHooks - 1, filler => filler.Pending(options.Pending, body));
        long start = Stopwatch.GetTimestamp();
        using var server = ColdProcess.Start(data);
        long arrived = await first.Task.WaitAsync(cancellationToken);
        await all.Task.WaitAsync(cancellationToken);
        return new PendingFigures(Stopwatch.GetElapsedTime(start, arrived), Stopwatch.GetElapsedTime(start), server.Memory(most: true));
    }

    /// <summary>
    /// Returns the ratio of the rate of a server with many past attempts to the rate of a server with none. The servers alternate, and the median is that of
    /// the rounds.
    /// </summary>
    public async Task<(double Median, double Lowest, double Highest)> PastAsync()
    {
        string old = Path.Combine(folder, "past");
        await PrepareAsync(old, new Uri(receiver.Address, "past/0"), 7, filler => filler.Past(options.Past, body));
        await using ServerUnderTest young = await ServerUnderTest.StartAsync(Path.Combine(folder, "young"));
        await using ServerUnderTest aged = await ServerUnderTest.StartAsync(old);
        using Progress ofYoung = young.OpenProgress();
        using Progress ofAged = aged.OpenProgress();
        await young.AddHookAsync("bench.one.0", new Uri(receiver.Address, "young/0"));
        await aged.AddHookAsync("bench.one.0", new Uri(receiver.Address, "aged/0"));
        var runYoung = new PublishRun(young.Publisher, ofYoung, options, body);
        var runAged = new PublishRun(aged.Publisher, ofAged, options, body, after: aged.Ids.Next());
        var ratios = new List<double>();
        for (int round = -1; round < options.Rounds; round++)
        {
            TimeSpan before = await runYoung.RunAsync(["bench.one.0"], 1, options.Requests, cancellationToken);
            TimeSpan after = await runAged.RunAsync(["bench.one.0"], 1, options.Requests, cancellationToken);
            runYoung.Verify();
            runAged.Verify();
            if (round >= 0)
            {
                ratios.Add(before / after);
            }
        }

        return (Statistics.Median(ratios), ratios.Min(), ratios.Max());
    }

    private async Task<long> MemoryOfIdleAsync(int hooks)
    {
        string data = Path.Combine(folder, $"idle-{hooks}");
        await PrepareAsync(data, new Uri(receiver.Address, "idle"), hooks, _ => { });
        using var server = ColdProcess.Start(data);
        await server.ReadyAsync(cancellationToken);

        // Two runs of the rescuer.
        await Task.Delay(Settle, TimeProvider.System, cancellationToken);
        return server.Memory(most: false);
    }

    /// <summary>Creates a data folder with one hook, and a number of additional ones.</summary>
    private static async Task PrepareAsync(string data, Uri url, int moreHooks, Action<Filler> fill)
    {
        long hook;
        await using (ServerUnderTest server = await ServerUnderTest.StartAsync(data))
        {
            hook = await server.AddHookAsync("bench.kept", url);
        }

        using var filler = new Filler(data);
        if (moreHooks > 0)
        {
            filler.Hooks(hook, moreHooks);
        }

        fill(filler);
    }
}

/// <summary>The figures of a cold start with pending deliveries.</summary>
/// <param name="First">The time from the start of the process until the first request was received.</param>
/// <param name="All">The time until all requests were received.</param>
/// <param name="Memory">The peak memory in bytes until then.</param>
internal readonly record struct PendingFigures(TimeSpan First, TimeSpan All, long Memory);

using System.Diagnostics;

namespace Nyala.Bench;

/// <summary>What a server bears: many idle hooks, many deliveries that wait, many attempts that are past.</summary>
internal sealed class BurdenRuns(string folder, BenchOptions options, byte[] body, ReceiverProcess receiver, CancellationToken cancellationToken)
{
    private const int WaitingHooks = 100;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of memory of a server with so many hooks that nobody calls, over one with none, for each hook.</summary>
    public async Task<double> IdleAsync()
    {
        long none = await MemoryOfIdleAsync(0);
        long many = await MemoryOfIdleAsync(options.IdleHooks);
        return (many - none) / (double)options.IdleHooks;
    }

    /// <summary>A server that starts with deliveries waiting for a hundred hooks: how long until the first is at its receiver, and its memory at most until all are.</summary>
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

    /// <summary>The rate of a server with so many past attempts, over that of one with none; alternating, the median of some rounds.</summary>
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
        var runAged = new PublishRun(aged.Publisher, ofAged, options, body);
        var ratios = new List<double>();
        for (int round = -1; round < options.Rounds; round++)
        {
            TimeSpan before = await runYoung.RunAsync(["bench.one.0"], 1, options.Requests, cancellationToken);
            TimeSpan after = await runAged.RunAsync(["bench.one.0"], 1, options.Requests, cancellationToken);
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

        // Two looks of the rescuer.
        await Task.Delay(Settle, TimeProvider.System, cancellationToken);
        return server.Memory(most: false);
    }

    /// <summary>Makes a data folder with one hook and so many more.</summary>
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

/// <summary>A cold start with deliveries waiting.</summary>
/// <param name="First">From the start of the process until the first request was at the receiver.</param>
/// <param name="All">Until all were.</param>
/// <param name="Memory">Bytes at most until then.</param>
internal readonly record struct PendingFigures(TimeSpan First, TimeSpan All, long Memory);

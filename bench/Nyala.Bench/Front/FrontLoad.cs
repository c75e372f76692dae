using System.Diagnostics;

namespace Nyala.Bench.Front;

/// <summary>Runs the load against one server, and measures the rate and the processor time of all processes.</summary>
internal sealed class FrontLoad(BenchOptions options, ReceiverProcess receiver, CancellationToken cancellationToken) : IDisposable
{
    public const string Generator = "load";
    public const string Server = "server";

    /// <summary>This program, which reads how many deliveries are pending.</summary>
    public const string Polling = "polling";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly LoadProcess _load = LoadProcess.Start();

    /// <summary>Sends events for a number of seconds, waits until those that are to be delivered are recorded, and verifies them.</summary>
    /// <returns>The figures, from the first request to the last response, or to the last outcome on disk.</returns>
    public async Task<RateSample> RunAsync(IFrontServer server, string path, bool delivers)
    {
        TimeSpan loadBefore = _load.Processor;
        TimeSpan serverBefore = server.Processor;
        TimeSpan receiverBefore = receiver.Processor;
        TimeSpan pollingBefore = Environment.CpuUsage.TotalTime;
        await _load.StartAsync(new Uri(server.Address, path), NyalaFront.Token, options.Publishers, options.Seconds, cancellationToken);
        long start = Stopwatch.GetTimestamp();
        Task<int> sending = _load.AcceptedAsync(cancellationToken);
        if (delivers)
        {
            await DeliveredAsync(server, sending);
        }

        int accepted = await sending;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        var used = new Usage(
            new Dictionary<string, double>
            {
                [Generator] = (_load.Processor - loadBefore).TotalSeconds,
                [Server] = (server.Processor - serverBefore).TotalSeconds,
                [Polling] = (Environment.CpuUsage.TotalTime - pollingBefore).TotalSeconds,
            },
            Allocated: 0);
        var sample = new RateSample(accepted, elapsed, used, receiver.Processor - receiverBefore);
        await server.VerifyAsync(accepted, delivers, cancellationToken);
        return sample;
    }

    public void Dispose() => _load.Dispose();

    /// <summary>Waits until all events are delivered and recorded. The load pauses while too many are pending.</summary>
    private async Task DeliveredAsync(IFrontServer server, Task<int> sending)
    {
        using var timer = new PeriodicTimer(PollInterval, TimeProvider.System);
        while (true)
        {
            bool allIn = sending.IsCompleted;
            long pending = await server.PendingAsync(cancellationToken);
            if (sending.IsFaulted || (allIn && pending == 0))
            {
                return;
            }

            await _load.HoldAsync(pending > options.Backlog, cancellationToken);
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}

using System.Diagnostics;
using Nyala.Server.Events;
using Nyala.Server.Storage;

namespace Nyala.Bench;

/// <summary>
/// Measures healthy hooks alone, and beside so many hanging hooks that one in five hooks hangs until it times out. In between, these hooks are paused, so that
/// their events are accepted and stored, but never sent: this shows what hanging costs beyond a quarter more events. The figures are the rate of the healthy
/// hooks, and the latency of their events at full load.
/// </summary>
internal sealed class IsolationRun(ServerUnderTest server, Progress progress, ReceiverProcess receiver, BenchOptions options, byte[] body)
{
    private const int HealthyForEachHanging = 4;
    private const string Healthy = "bench.healthy";
    private const string Hanging = "bench.hanging";
    private const string Paused = "bench.paused";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly List<long> _healthy = [];
    private readonly List<long> _others = [];

    public async Task<IsolationFigures> RunAsync(CancellationToken cancellationToken)
    {
        for (int i = 0; i < options.Hooks; i++)
        {
            for (int j = 0; j < HealthyForEachHanging; j++)
            {
                int number = (i * HealthyForEachHanging) + j;
                _healthy.Add(await server.AddHookAsync($"{Healthy}.{number}", new Uri(receiver.Address, $"healthy/{number}")));
            }

            _others.Add(await server.AddHookAsync($"{Hanging}.{i}", new Uri(receiver.Address, $"hang/{i}")));
            _others.Add(await server.AddHookAsync($"{Paused}.{i}", new Uri(receiver.Address, $"hang/paused-{i}"), HookState.Paused));
        }

        await SampleAsync(options.Requests, others: null, cancellationToken);
        IsolationSample alone = await SampleAsync(options.Requests * 5, others: null, cancellationToken);
        IsolationSample paused = await SampleAsync(options.Requests * 5, Paused, cancellationToken);
        IsolationSample beside = await SampleAsync(options.Requests * 5, Hanging, cancellationToken);
        await server.RemoveHooksAsync(_others);
        return new IsolationFigures(alone, paused, beside);
    }

    private async Task<IsolationSample> SampleAsync(int deliveries, string? others, CancellationToken cancellationToken)
    {
        long firstId = server.Ids.Next();
        int started = 0;
        long done = 0;
        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long start = Stopwatch.GetTimestamp();
        Task publishing = Task.WhenAll(Enumerable.Range(0, options.Publishers).Select(_ => Task.Run(PublishAsync, cancellationToken)));
        using var timer = new PeriodicTimer(PollInterval, TimeProvider.System);
        while (true)
        {
            bool allIn = publishing.IsCompleted;
            int startedBefore = Volatile.Read(ref started);
            long pending = progress.PendingOf(_healthy);
            if (allIn && pending == 0)
            {
                break;
            }

            Volatile.Write(ref done, startedBefore - pending);
            Interlocked.Exchange(ref room, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        await publishing;
        return new IsolationSample(deliveries / elapsed.TotalSeconds, progress.Percentile(_healthy, firstId, deliveries, 0.99));

        async Task PublishAsync()
        {
            while (Interlocked.Increment(ref started) is int number && number <= deliveries)
            {
                while (number - Volatile.Read(ref done) > options.Backlog)
                {
                    await Volatile.Read(ref room).Task.WaitAsync(cancellationToken);
                }

                await AcceptAsync($"{Healthy}.{number % _healthy.Count}");
                if (others is not null && number % HealthyForEachHanging == 0)
                {
                    await AcceptAsync($"{others}.{number / HealthyForEachHanging % options.Hooks}");
                }
            }
        }

        Task AcceptAsync(string type) =>
            server.Publisher.PublishAsync(new NewEvent(type, ServerUnderTest.Site, body), TimeSpan.Zero, cancellationToken);
    }
}

/// <param name="Rate">The deliveries of the healthy hooks per second.</param>
/// <param name="Slow">The 99th percentile of the time from acceptance to the end of the attempt.</param>
internal readonly record struct IsolationSample(double Rate, TimeSpan Slow);

/// <param name="Alone">The healthy hooks alone.</param>
/// <param name="Paused">Beside paused hooks, whose events are only stored.</param>
/// <param name="Beside">Beside hanging hooks.</param>
internal readonly record struct IsolationFigures(IsolationSample Alone, IsolationSample Paused, IsolationSample Beside);

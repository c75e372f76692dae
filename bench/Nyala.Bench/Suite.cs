using Nyala.Server.Storage;

namespace Nyala.Bench;

/// <summary>Runs all measurements in alternating rounds, on one server and one receiver.</summary>
internal static class Suite
{
    private const int InFlightPerHook = 16;

    public static async Task RunAsync(BenchOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(options.Data, $"bench-data-{Environment.ProcessId}"));
        try
        {
            Machine.Describe(output, folder.FullName);
            byte[] body = Payload.Create();
            using ReceiverProcess receiver = await ReceiverProcess.StartAsync(cancellationToken);
            if (Measurements.Usual.Any(options.Wants) || options.Wants(Measurements.Isolation))
            {
                Report report = await MeasureAsync(options, Path.Combine(folder.FullName, "nyala"), body, receiver, cancellationToken);
                report.Write(output, options);
            }

            await LongRuns.WriteAsync(output, options, folder.FullName, body, receiver, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Report> MeasureAsync(
        BenchOptions options, string data, byte[] body, ReceiverProcess receiver, CancellationToken cancellationToken)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(data);
        using Progress progress = server.OpenProgress();
        string[] types = [.. Enumerable.Range(0, options.Hooks).Select(number => $"bench.one.{number}")];
        for (int i = 0; i < options.Hooks; i++)
        {
            await server.AddHookAsync(types[i], new Uri(receiver.Address, $"one/{i}"));
            await server.AddHookAsync("bench.many", new Uri(receiver.Address, $"many/{i}"));
        }

        using var loop = new BareLoop(new Uri(receiver.Address, "bare/0"), options.Hooks * InFlightPerHook, body);
        var sender = new SenderLoop(server.Http, new Uri(receiver.Address, "sender/0"), options.Hooks * InFlightPerHook, body);
        await server.AddHookAsync("bench.store", new Uri(receiver.Address, "store/0"), HookState.Paused);
        var store = new StoreLoop(server.Store, server.Ids, options.Publishers, body);
        var run = new PublishRun(server.Publisher, progress, options, body);
        Measurement[] measurements =
        [
            new(new RateSeries(Measurements.Bare), requests => loop.RunAsync(requests, cancellationToken)),
            new(new RateSeries(Measurements.One), requests => run.RunAsync(types, 1, requests, cancellationToken)),
            new(new RateSeries(Measurements.Many), requests => run.RunAsync(["bench.many"], options.Hooks, requests, cancellationToken)),
            new(new RateSeries(Measurements.Sender), requests => sender.RunAsync(requests, cancellationToken)),
            new(new RateSeries(Measurements.Store), async requests =>
            {
                run.Expect(requests);
                return await store.RunAsync(requests, cancellationToken);
            }),
        ];
        Measurement[] wanted = [.. measurements.Where(measurement => options.Wants(measurement.Series.Name))];
        int requests = options.Requests / options.Hooks * options.Hooks;
        for (int round = -1; round < options.Rounds; round++)
        {
            // After one warm-up round, every other round runs in reverse order, so that no measurement always follows the same one.
            foreach (Measurement measurement in round % 2 == 0 ? wanted : wanted.Reverse())
            {
                RateSample sample = await SampleAsync(measurement.RunAsync, requests, receiver);
                run.Verify();
                if (round >= 0)
                {
                    measurement.Series.Add(sample);
                }
            }
        }

        LatencyFigures? latency = options.Wants(Measurements.Latency) ? await LatencyRun.RunAsync(server, options.Events, body, cancellationToken) : null;
        IsolationFigures? isolation = options.Wants(Measurements.Isolation)
            ? await new IsolationRun(server, progress, receiver, options, body).RunAsync(cancellationToken)
            : null;
        return new Report(
            measurements[0].Series, measurements[1].Series, measurements[2].Series, measurements[3].Series, measurements[4].Series, latency, isolation);
    }

    private static async Task<RateSample> SampleAsync(Func<int, Task<TimeSpan>> run, int requests, ReceiverProcess receiver)
    {
        TimeSpan receiverBefore = receiver.Processor;
        var before = Usage.Now();
        TimeSpan elapsed = await run(requests);
        return new RateSample(requests, elapsed, Usage.Now().Since(before), receiver.Processor - receiverBefore);
    }

    private sealed record Measurement(RateSeries Series, Func<int, Task<TimeSpan>> RunAsync);
}

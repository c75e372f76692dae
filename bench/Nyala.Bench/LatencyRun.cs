using System.Diagnostics;
using Nyala.Server.Events;

namespace Nyala.Bench;

/// <summary>
/// Single events on an idle server: how long from the call of the publisher until the request is at the receiver, whole.
/// The receiver is in this process, so that one clock measures both ends.
/// </summary>
internal static class LatencyRun
{
    private const int WarmUp = 100;
    private const string Type = "bench.single";

    // Longer than what an event leaves to do, so that each finds an idle server.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(10);

    public static async Task<LatencyFigures> RunAsync(ServerUnderTest server, int events, byte[] body, CancellationToken cancellationToken)
    {
        TaskCompletionSource<long>? expected = null;
        using var receiver = new Receiver(() => expected?.TrySetResult(Stopwatch.GetTimestamp()));
        await server.AddHookAsync(Type, receiver.Address);
        var sent = new List<double>();
        var accepted = new List<double>();
        for (int i = 0; i < WarmUp + events; i++)
        {
            expected = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            long start = Stopwatch.GetTimestamp();
            await server.Publisher.PublishAsync(new NewEvent(Type, ServerUnderTest.Site, body), TimeSpan.Zero, cancellationToken);
            long durable = Stopwatch.GetTimestamp();
            long arrived = await expected.Task.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, cancellationToken);
            if (i >= WarmUp)
            {
                accepted.Add(Stopwatch.GetElapsedTime(start, durable).TotalMilliseconds);
                sent.Add(Stopwatch.GetElapsedTime(start, arrived).TotalMilliseconds);
            }

            await Task.Delay(Rest, TimeProvider.System, cancellationToken);
        }

        return new LatencyFigures(
            Statistics.Percentile(accepted, 0.50), Statistics.Percentile(accepted, 0.99), Statistics.Percentile(sent, 0.50), Statistics.Percentile(sent, 0.99));
    }
}

/// <summary>Milliseconds from the call until the event is durable, and until the request is at the receiver.</summary>
internal readonly record struct LatencyFigures(double AcceptedMedian, double Accepted99, double SentMedian, double Sent99);

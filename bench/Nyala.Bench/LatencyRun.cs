using System.Diagnostics;
using Nyala.Server.Events;

namespace Nyala.Bench;

/// <summary>
/// Publishes single events on an idle server. Measures the time from the publisher's call until the receiver has the complete request. The receiver is in this
/// process, so that one clock measures both ends.
/// </summary>
internal static class LatencyRun
{
    private const int WarmUp = 100;
    private const string Type = "bench.single";

    // Longer than the work that an event leaves behind, so that each event finds an idle server.
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

/// <summary>The milliseconds from the call until the event is durable, and until the receiver has the request.</summary>
internal readonly record struct LatencyFigures(double AcceptedMedian, double Accepted99, double SentMedian, double Sent99);

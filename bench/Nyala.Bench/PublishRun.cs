using System.Diagnostics;
using Nyala.Server.Events;

namespace Nyala.Bench;

/// <summary>
/// Publishes events in parallel as fast as they are accepted, without waiting for their attempts. The number of pending deliveries is limited.
/// </summary>
/// <param name="after">The id of the newest delivery that was there before.</param>
internal sealed class PublishRun(Publisher publisher, Progress progress, BenchOptions options, byte[] body, long after = 0)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private long _made;

    /// <summary>Adds deliveries made by others to the expected number.</summary>
    public void Expect(int deliveries) => _made += deliveries;

    /// <summary>Verifies that everything published so far was delivered with one attempt each. It takes a while, so it is separate from the run.</summary>
    public void Verify()
    {
        long delivered = progress.Delivered(after);
        if (delivered != _made)
        {
            throw new BenchException($"{delivered} of {_made} deliveries are done at their first attempt: the figures would mean nothing.");
        }
    }

    /// <param name="types">The types of the events, in turn.</param>
    /// <param name="fanOut">The number of hooks that receive each event.</param>
    /// <param name="deliveries">The number of deliveries to make.</param>
    /// <returns>The time from the first publish to the last outcome on disk.</returns>
    public async Task<TimeSpan> RunAsync(IReadOnlyList<string> types, int fanOut, int deliveries, CancellationToken cancellationToken)
    {
        int events = deliveries / fanOut;
        int started = 0;
        int accepted = 0;
        long done = 0;
        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long start = Stopwatch.GetTimestamp();
        Task publishing = Task.WhenAll(Enumerable.Range(0, options.Publishers).Select(_ => Task.Run(PublishAsync, cancellationToken)));

        using var timer = new PeriodicTimer(PollInterval, TimeProvider.System);
        while (true)
        {
            bool allIn = publishing.IsCompleted;
            long acceptedBefore = Volatile.Read(ref accepted);
            long pending = progress.Pending();
            if (allIn && pending == 0)
            {
                break;
            }

            Volatile.Write(ref done, (acceptedBefore * fanOut) - pending);
            Interlocked.Exchange(ref room, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        await publishing;
        _made += events * fanOut;
        return elapsed;

        async Task PublishAsync()
        {
            while (Interlocked.Increment(ref started) is int number && number <= events)
            {
                while (((long)number * fanOut) - Volatile.Read(ref done) > options.Backlog)
                {
                    await Volatile.Read(ref room).Task.WaitAsync(cancellationToken);
                }

                await publisher.PublishAsync(new NewEvent(types[number % types.Count], ServerUnderTest.Site, body), TimeSpan.Zero, cancellationToken);
                Interlocked.Increment(ref accepted);
            }
        }
    }
}

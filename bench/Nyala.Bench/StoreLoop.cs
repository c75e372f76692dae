using System.Collections.Concurrent;
using System.Diagnostics;
using Nyala.Server.Storage;

namespace Nyala.Bench;

/// <summary>
/// Accepts events and deliveries and records their outcomes as the server does, without sending, to measure the cost of the store alone. Each publisher accepts
/// events with its own writes; one loop records the outcomes in batches.
/// </summary>
internal sealed class StoreLoop(IStore store, IdSource ids, long hook, int publishers, byte[] body)
{
    private const int MaxBatch = 1024;

    public async Task<TimeSpan> RunAsync(int deliveries, CancellationToken cancellationToken)
    {
        int left = deliveries;
        var open = new ConcurrentQueue<long>();
        long started = Stopwatch.GetTimestamp();
        Task accepting = Task.WhenAll(Enumerable.Range(0, publishers).Select(_ => Task.Run(AcceptAsync, cancellationToken)));
        bool allIn;
        do
        {
            allIn = accepting.IsCompleted;
            await RecordAsync();
        }
        while (!allIn || !open.IsEmpty);

        await accepting;
        return Stopwatch.GetElapsedTime(started);

        async Task AcceptAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                long id = await store.WriteAsync(tables =>
                {
                    DateTimeOffset now = TimeProvider.System.GetUtcNow();
                    long eventId = ids.Next();
                    long delivery = ids.Next();
                    tables.Hooks.Match(ServerUnderTest.Site, "bench.one.0", now);
                    tables.Events.Insert(new EventRecord(eventId, "bench.store", ServerUnderTest.Site, body, now));
                    tables.Deliveries.Insert(delivery, eventId, hook, now);
                    return delivery;
                });
                open.Enqueue(id);
            }
        }

        async Task RecordAsync()
        {
            var batch = new List<long>();
            while (batch.Count < MaxBatch && open.TryDequeue(out long id))
            {
                batch.Add(id);
            }

            // An empty batch also waits for the next commit, so the loop does not spin.
            await store.WriteAsync(tables =>
            {
                DateTimeOffset now = TimeProvider.System.GetUtcNow();
                foreach (long id in batch)
                {
                    tables.Deliveries.RecordAttempt(new AttemptRecord(id, 1, now, TimeSpan.FromMilliseconds(1), 200, null, null, null, null, default));
                    tables.Deliveries.RecordOutcome(id, DeliveryState.Delivered, now, spent: true, reason: null);
                }

                return true;
            });
        }
    }
}

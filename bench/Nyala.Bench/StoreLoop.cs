using System.Collections.Concurrent;
using System.Diagnostics;
using Nyala.Server.Storage;

namespace Nyala.Bench;

/// <summary>
/// Accepts events and deliveries and records their outcomes as the server does, without sending, to measure the cost of the store alone. Each publisher accepts
/// events with its own writes; one loop records the outcomes in batches.
/// </summary>
internal sealed class StoreLoop(IStore store, IdSource ids, int publishers, byte[] body)
{
    private const int MaxBatch = 1024;

    // As long as those that the server records in a run.
    private static readonly string RequestHeaders = new('h', 286);
    private static readonly string AnswerHeaders = new('a', 18);

    public async Task<TimeSpan> RunAsync(int deliveries, CancellationToken cancellationToken)
    {
        int left = deliveries;
        var open = new ConcurrentQueue<AcceptResult>();
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
                EventToAccept accepted = new(ids.Next(), "bench.store", ServerUnderTest.Site, body) { Matches = _ => true };
                open.Enqueue((await store.AcceptAsync([accepted], ids, TimeProvider.System))[0]);
            }
        }

        async Task RecordAsync()
        {
            var batch = new List<Settlement>();
            while (batch.Count < MaxBatch && open.TryDequeue(out AcceptResult? accepted))
            {
                batch.Add(End(accepted));
            }

            // An empty batch also waits for the next commit, so the loop does not spin.
            await store.SettleAsync(batch);
        }
    }

    private static Settlement End(AcceptResult accepted)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        AcceptedDelivery delivery = accepted.Deliveries[0];
        var took = TimeSpan.FromMilliseconds(1);
        var attempt = new AttemptRecord(delivery.Id, 1, now, took, 200, null, null, RequestHeaders, AnswerHeaders, new AttemptTimes(null, null, null, took));
        return new Settlement(delivery.Hook.Id, Epoch: 0, delivery.Id, accepted.Accepted, DeliveryState.Delivered, now, attempt, Spent: true, Reason: null)
        {
            Last = new LastAttempt("OK", null, now, accepted.Event),
        };
    }
}

using System.Collections.Concurrent;
using Nyala.Server.Events;

namespace Nyala.Server.Delivery;

/// <summary>Tells publishers when the first attempts of their event have ended.</summary>
internal sealed class FirstAttempts(TimeProvider clock)
{
    private readonly ConcurrentDictionary<long, Waiter> _waiters = [];

    public IFirstAttempts Expect(long eventId)
    {
        var waiter = new Waiter(this, clock, eventId);
        _waiters[eventId] = waiter;
        return waiter;
    }

    /// <summary>Says that a delivery's first attempt has ended, or will not start at once.</summary>
    public void Settle(long eventId, long delivery)
    {
        if (_waiters.TryGetValue(eventId, out Waiter? waiter))
        {
            waiter.Settle(delivery);
        }
    }

    private sealed class Waiter(FirstAttempts owner, TimeProvider clock, long eventId) : IFirstAttempts
    {
        private readonly Lock _gate = new();
        private readonly HashSet<long> _settled = [];
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private HashSet<long>? _open;

        public void Settle(long delivery)
        {
            lock (_gate)
            {
                _settled.Add(delivery);
                if (_open is { } open && open.Remove(delivery) && open.Count == 0)
                {
                    _all.TrySetResult();
                }
            }
        }

        public async Task WaitAsync(IReadOnlyCollection<long> deliveries, TimeSpan atMost, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                _open = [.. deliveries];
                _open.ExceptWith(_settled);
                if (_open.Count == 0)
                {
                    return;
                }
            }

            try
            {
                await _all.Task.WaitAsync(atMost, clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                // The deliveries go on; only the wait is over.
            }
        }

        public void Dispose() => owner._waiters.TryRemove(eventId, out _);
    }
}

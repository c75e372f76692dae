using System.Collections.Concurrent;
using System.Collections.Immutable;
using Nyala.Server.Events;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Notifies publishers when the first attempts of their event have ended.</summary>
internal sealed class FirstAttempts
{
    private readonly TimeProvider _clock;
    private readonly IChangeFeed _feed;

    // Several callers may wait for the same event, for example to resend.
    private readonly ConcurrentDictionary<long, ImmutableArray<Waiter>> _waiters = [];

    public FirstAttempts(TimeProvider clock, IChangeFeed feed)
    {
        (_clock, _feed) = (clock, feed);
        feed.Subscribe(Apply);
    }

    public IFirstAttempts Expect(long eventId)
    {
        var waiter = new Waiter(this, _clock, eventId);
        _waiters.AddOrUpdate(eventId, static (_, first) => [first], static (_, others, one) => others.Add(one), waiter);
        return waiter;
    }

    /// <summary>Announces that first attempts have ended, or will not start at once.</summary>
    public void Settle(IReadOnlyList<(long Event, long Delivery)> deliveries) => _feed.Announce(new Change.FirstAttemptsEnded(deliveries));

    /// <summary>Announces that a hook starts no attempt now: its breaker is open, it is paused, at its rate limit or gone, or its lane ends.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="started">The deliveries that have started, whose ends are announced one by one; null for none.</param>
    public void Release(long hook, IReadOnlySet<long>? started = null) => _feed.Announce(new Change.HookHeld(hook, started));

    private void Apply(Change change)
    {
        if (_waiters.IsEmpty)
        {
            return;
        }

        switch (change)
        {
            case Change.FirstAttemptsEnded ended:
                foreach ((long eventId, long delivery) in ended.Deliveries)
                {
                    ApplyEnd(eventId, delivery);
                }

                break;
            case Change.HookHeld held:
                foreach (Waiter waiter in _waiters.Values.SelectMany(waiters => waiters))
                {
                    waiter.Release(held.Hook, held.Started);
                }

                break;
        }
    }

    private void ApplyEnd(long eventId, long delivery)
    {
        if (_waiters.TryGetValue(eventId, out ImmutableArray<Waiter> waiters))
        {
            foreach (Waiter waiter in waiters)
            {
                waiter.Settle(delivery);
            }
        }
    }

    private void Forget(long eventId, Waiter waiter)
    {
        while (_waiters.TryGetValue(eventId, out ImmutableArray<Waiter> waiters))
        {
            ImmutableArray<Waiter> others = waiters.Remove(waiter);
            if (others.IsEmpty ? _waiters.TryRemove(KeyValuePair.Create(eventId, waiters)) : _waiters.TryUpdate(eventId, others, waiters))
            {
                return;
            }
        }
    }

    private sealed class Waiter(FirstAttempts owner, TimeProvider clock, long eventId) : IFirstAttempts
    {
        private readonly Lock _gate = new();
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // Deliveries and hooks that were reported before the wait began.
        private readonly HashSet<long> _settled = [];
        private readonly HashSet<long> _released = [];

        // The deliveries that are waited for. An event has one delivery for each hook.
        private Dictionary<long, long>? _hookOf;
        private Dictionary<long, long> _deliveryTo = [];

        public void Settle(long delivery)
        {
            lock (_gate)
            {
                if (_hookOf is null)
                {
                    _settled.Add(delivery);
                }
                else if (_hookOf.Remove(delivery, out long hook))
                {
                    _deliveryTo.Remove(hook);
                    CompleteIfDone();
                }
            }
        }

        public void Release(long hook, IReadOnlySet<long>? started)
        {
            lock (_gate)
            {
                if (_hookOf is null)
                {
                    _released.Add(hook);
                }
                else if (_deliveryTo.TryGetValue(hook, out long delivery) && started?.Contains(delivery) != true)
                {
                    _deliveryTo.Remove(hook);
                    _hookOf.Remove(delivery);
                    CompleteIfDone();
                }
            }
        }

        public async Task WaitAsync(IEnumerable<AwaitedDelivery> deliveries, TimeSpan atMost, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                AwaitedDelivery[] open = [.. deliveries.Where(awaited => !_settled.Contains(awaited.Delivery) && !_released.Contains(awaited.Hook))];
                _hookOf = open.ToDictionary(awaited => awaited.Delivery, awaited => awaited.Hook);
                _deliveryTo = open.ToDictionary(awaited => awaited.Hook, awaited => awaited.Delivery);
                if (open.Length == 0)
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
                // Only the wait is over; the deliveries continue.
            }
        }

        private void CompleteIfDone()
        {
            if (_hookOf!.Count == 0)
            {
                _all.TrySetResult();
            }
        }

        public void Dispose() => owner.Forget(eventId, this);
    }
}

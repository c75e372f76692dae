namespace Nyala.Server.Delivery;

/// <summary>
/// Limits the attempts in flight on this node. A hook's first attempt in flight takes any free slot. All attempts beyond that get at most
/// half of the slots, so that a few receivers that hang cannot take them all. Retries get at most half too, so that first
/// attempts never wait for them. Thread-safe.
/// </summary>
internal sealed class AttemptSlots
{
    private readonly Lock _gate = new();

    // The waiting hooks, in the order of their turns.
    private readonly LinkedList<Share> _waiting = [];
    private readonly int _limit;
    private int _free;
    private int _freeBeyond;
    private int _freeRetries;

    public AttemptSlots(int limit)
    {
        (_limit, _free) = (limit, limit);
        _freeBeyond = _freeRetries = Math.Max(1, limit / 2);
    }

    /// <summary>The number of slots that are taken.</summary>
    public int InFlight
    {
        get
        {
            lock (_gate)
            {
                return _limit - _free;
            }
        }
    }

    /// <summary>The number of attempts that wait for a slot.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Sum(share => share.Firsts.Count + share.Retries.Count);
            }
        }
    }

    /// <summary>The slots that one hook uses.</summary>
    internal sealed class Share
    {
        public int InFlight { get; set; }

        public bool Waits { get; set; }

        public Queue<TaskCompletionSource> Firsts { get; } = new();

        public Queue<TaskCompletionSource> Retries { get; } = new();
    }

    /// <summary>Waits for a slot.</summary>
    /// <param name="share">The slots of the hook.</param>
    /// <param name="first">Whether this is the delivery's first attempt.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task TakeAsync(Share share, bool first, CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter;
        lock (_gate)
        {
            // The waiting attempts need a kind of slot that is not free, so this attempt overtakes none of them.
            if (MayTake(share, first))
            {
                Take(share, first);
                return Task.CompletedTask;
            }

            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (first ? share.Firsts : share.Retries).Enqueue(waiter);
            if (!share.Waits)
            {
                share.Waits = true;
                _waiting.AddLast(share);
            }
        }

        return cancellationToken.CanBeCanceled ? WaitAsync(waiter, cancellationToken) : waiter.Task;
    }

    public void Return(Share share, bool first)
    {
        lock (_gate)
        {
            PutBack(share, first);
            while (_free > 0 && GrantNext())
            {
            }
        }
    }

    private static async Task WaitAsync(TaskCompletionSource waiter, CancellationToken cancellationToken)
    {
        // A canceled wait stays in its queue until its turn comes, and then takes no slot.
        await using CancellationTokenRegistration cancelled = cancellationToken.Register(() => waiter.TrySetCanceled(cancellationToken));
        await waiter.Task;
    }

    private bool MayTake(Share share, bool first) => _free > 0 && (share.InFlight == 0 || _freeBeyond > 0) && (first || _freeRetries > 0);

    private void Take(Share share, bool first)
    {
        _free--;
        _freeBeyond -= share.InFlight > 0 ? 1 : 0;
        _freeRetries -= first ? 0 : 1;
        share.InFlight++;
    }

    private void PutBack(Share share, bool first)
    {
        share.InFlight--;
        _free++;
        _freeBeyond += share.InFlight > 0 ? 1 : 0;
        _freeRetries += first ? 0 : 1;
    }

    /// <summary>Gives a slot to the first waiting hook that may have one, and moves that hook to the end of the queue.</summary>
    private bool GrantNext()
    {
        LinkedListNode<Share>? next;
        for (LinkedListNode<Share>? node = _waiting.First; node is not null; node = next)
        {
            next = node.Next;
            Share share = node.Value;
            bool granted = TryGrant(share, share.Firsts, first: true) || TryGrant(share, share.Retries, first: false);
            share.Waits = share.Firsts.Count + share.Retries.Count > 0;
            if (granted || !share.Waits)
            {
                _waiting.Remove(node);
                if (share.Waits)
                {
                    _waiting.AddLast(node);
                }
            }

            if (granted)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryGrant(Share share, Queue<TaskCompletionSource> queue, bool first)
    {
        while (queue.Count > 0 && MayTake(share, first))
        {
            Take(share, first);
            if (queue.Dequeue().TrySetResult())
            {
                return true;
            }

            PutBack(share, first);
        }

        return false;
    }
}

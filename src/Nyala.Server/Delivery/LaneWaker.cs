namespace Nyala.Server.Delivery;

/// <summary>
/// Wakes lanes: those of this node at once, others a few at a time, because one event may be for tens of thousands of hooks. Until its lane is
/// awake, a hook is a number in a queue. Events take turns, so that one for few hooks does not wait behind one for many. Thread-safe.
/// </summary>
internal sealed class LaneWaker(ActiveLanes lanes, IGrainFactory grains, FirstAttempts firstAttempts)
{
    /// <summary>The cause for overdue deliveries, of any event.</summary>
    public const long Overdue = 0;

    /// <summary>
    /// The maximum number of lanes that are woken at a time: enough to keep the processors busy. With more, other work would wait longer for a thread.
    /// </summary>
    private const int AtATime = 32;

    private readonly Lock _gate = new();
    private readonly WakeQueue _queue = new();
    private int _busy;

    /// <summary>Wakes a hook's lane, now or soon. The lane will read every delivery that the store has for the hook by now.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="cause">The cause: an event, a hook, or <see cref="Overdue"/>. Causes take turns.</param>
    public void Wake(long hook, long cause)
    {
        if (lanes.TryGet(hook, out Lane? lane) && lane.Wake())
        {
            return;
        }

        if (lanes.AreStopping)
        {
            firstAttempts.Release(hook);
            return;
        }

        lock (_gate)
        {
            if (!_queue.Add(hook, cause) || _busy == AtATime)
            {
                return;
            }

            _busy++;
        }

        _ = Task.Run(WakeAllAsync);
    }

    private async Task WakeAllAsync()
    {
        while (TryTake(out long hook))
        {
            if (lanes.AreStopping)
            {
                firstAttempts.Release(hook);
                continue;
            }

            try
            {
                await grains.GetGrain<ILaneGrain>(hook).WakeAsync();
            }
            catch (Exception)
            {
                // The node of the lane has just gone, or the lane starts slowly. The rescuer finds the deliveries that are overdue by then.
            }
        }
    }

    private bool TryTake(out long hook)
    {
        lock (_gate)
        {
            bool taken = _queue.TryTake(out hook);
            _busy -= taken ? 0 : 1;
            return taken;
        }
    }
}

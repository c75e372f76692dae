namespace Nyala.Server.Delivery;

/// <summary>
/// The hooks whose lanes will be woken. Causes take turns. The hooks of a cause are in the order of arrival, and each hook is queued once. Not thread-safe.
/// </summary>
internal sealed class WakeQueue
{
    private readonly HashSet<long> _waiting = [];
    private readonly Dictionary<long, Queue<long>> _hooksOf = [];
    private readonly Queue<long> _turns = new();

    /// <summary>Adds a hook, unless it is already waiting.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="cause">The cause. Causes take turns.</param>
    /// <returns>Whether the hook was added.</returns>
    public bool Add(long hook, long cause)
    {
        if (!_waiting.Add(hook))
        {
            return false;
        }

        if (!_hooksOf.TryGetValue(cause, out Queue<long>? hooks))
        {
            _hooksOf.Add(cause, hooks = new Queue<long>());
            _turns.Enqueue(cause);
        }

        hooks.Enqueue(hook);
        return true;
    }

    /// <summary>Takes out the next hook.</summary>
    /// <returns>False if no hook is waiting.</returns>
    public bool TryTake(out long hook)
    {
        if (!_turns.TryDequeue(out long cause))
        {
            hook = 0;
            return false;
        }

        Queue<long> hooks = _hooksOf[cause];
        hook = hooks.Dequeue();
        _waiting.Remove(hook);
        if (hooks.Count > 0)
        {
            _turns.Enqueue(cause);
        }
        else
        {
            _hooksOf.Remove(cause);
        }

        return true;
    }
}

namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// A queue of work items for database threads. It uses one lock and one wake-up, because the blocking collections of .NET spin before they sleep, which costs
/// too much on two cores.
/// </summary>
internal sealed class WorkQueue
{
    private readonly object _gate = new();
    private readonly Queue<Work> _queue = new();
    private int _waiting;
    private bool _closed;

    /// <summary>The number of waiting work items.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>Adds a work item. If the queue is closed, the item fails.</summary>
    public void Add(Work work)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _queue.Enqueue(work);
                if (_waiting > 0)
                {
                    Monitor.Pulse(_gate);
                }

                return;
            }
        }

        work.Fail(new StoreUnavailableException("The server is stopping.", full: false, null));
    }

    /// <summary>Takes at most <paramref name="limit"/> queued work items. Waits if there are none.</summary>
    /// <returns>False once the queue is closed and empty.</returns>
    public bool Take(List<Work> into, int limit)
    {
        lock (_gate)
        {
            while (_queue.Count == 0 && !_closed)
            {
                _waiting++;
                Monitor.Wait(_gate);
                _waiting--;
            }

            while (into.Count < limit && _queue.TryDequeue(out Work? work))
            {
                into.Add(work);
            }

            return into.Count > 0;
        }
    }

    /// <summary>Closes the queue to new work items. Queued items can still be taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }
}

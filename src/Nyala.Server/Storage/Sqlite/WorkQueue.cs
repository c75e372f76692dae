namespace Nyala.Server.Storage.Sqlite;

/// <summary>
/// Hands work to database threads. One lock and one wake: the general collections spin before they sleep, which two cores
/// cannot spare.
/// </summary>
internal sealed class WorkQueue
{
    private readonly object _gate = new();
    private readonly Queue<Work> _queue = new();
    private int _waiting;
    private bool _closed;

    /// <summary>How much waits.</summary>
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

    /// <summary>Adds work, or fails it where the queue is closed.</summary>
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

    /// <summary>Takes what has queued up, at most <paramref name="limit"/>, and waits if there is nothing.</summary>
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

    /// <summary>Takes no more work. What is queued is still taken out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }
}

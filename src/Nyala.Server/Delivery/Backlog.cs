using System.Diagnostics.CodeAnalysis;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// The part of a lane's queue that is in memory, and its workers. Thread-safe: the loop fills it from the store, publishers offer deliveries that they have
/// just accepted, workers take deliveries, and the outcome writer reports which outcomes are on disk. Each delivery is given out with a target. After the hook
/// has changed, none is given out until the hook is read again.
/// </summary>
internal sealed class Backlog
{
    /// <summary>The maximum number of deliveries that are queued, in flight or not yet recorded. It limits the memory if the disk is slow.</summary>
    private const int MaxKnown = 2048;

    /// <summary>The maximum number of deliveries in a page. With <see cref="MaxBytes"/>, it limits the memory of a lane, however long its queue is.</summary>
    public const int MaxPage = 256;

    public const long MaxBytes = 4 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<DueDelivery> _ready = new();
    private readonly HashSet<long> _known = [];

    // Deliveries that were offered while a page was being read. They come after those of the page, which may contain them too.
    private readonly List<DueDelivery> _offered = [];
    private Target? _target;
    private long _bytes;
    private long _offeredBytes;
    private long _readUpTo;
    private int _workers;
    private bool _more = true;
    private bool _changed = true;
    private bool _reading;
    private bool _readAround;
    private bool _open;
    private bool _closed;
    private bool _ordered;

    /// <summary>Whether the loop should read a page.</summary>
    /// <param name="shut">Whether nothing may be sent now. If so, only a changed hook is worth reading.</param>
    public bool NeedsPage(bool shut)
    {
        lock (_gate)
        {
            return _changed || (!shut && HasRoom());
        }
    }

    /// <summary>Notes that the store may have more deliveries.</summary>
    /// <returns>False if the backlog is closed.</returns>
    public bool Expect()
    {
        lock (_gate)
        {
            _more = true;
            return !_closed;
        }
    }

    /// <summary>
    /// Notes that the hook has changed. Once this returns, no attempt starts under the old hook: no delivery is given out before the hook is read again, and
    /// the targets of attempts that are not on the wire yet are withdrawn.
    /// </summary>
    public void HookChanged()
    {
        lock (_gate)
        {
            _more = _changed = true;
            Withdraw();
        }
    }

    /// <summary>Gives out no delivery until the hook is read again, because nothing may be sent to it now.</summary>
    public void Suspend()
    {
        lock (_gate)
        {
            Withdraw();
        }
    }

    /// <summary>Starts the reading of a page. A call of <see cref="Expect"/> from now on makes the loop read again.</summary>
    /// <returns>The deliveries that are already held, how many more may be read, and whether the hook has changed.</returns>
    public (HashSet<long> Known, int Limit, bool Changed) BeginPage()
    {
        lock (_gate)
        {
            // If there is no room, the deliveries stay expected.
            bool changed = _changed;
            int limit = HasRoom() ? MaxPage : 0;
            _more &= limit == 0;
            _changed = false;
            _reading = true;
            _readAround = _known.Count > 0;
            _open &= !changed;
            return ([.. _known], limit, changed);
        }
    }

    /// <summary>Notes that the page could not be read.</summary>
    public void AbandonPage(bool changed)
    {
        lock (_gate)
        {
            _reading = false;
            _more = true;
            _changed |= changed;
            TakeOffered();
        }
    }

    /// <summary>
    /// Adds a page of an active hook, and the target of its deliveries. If deliveries must be sent in order, the page is used only if all outcomes of the
    /// previous page are on disk.
    /// </summary>
    public void Add(LanePage page, Target target)
    {
        lock (_gate)
        {
            _reading = false;
            if (_changed)
            {
                // The hook changed while the page was read, so the page may be old.
                _more = true;
                return;
            }

            bool dropped = !ReferenceEquals(_target, target) && _ready.Count > 0;
            if (dropped)
            {
                // Deliveries that are queued with the old target may have to follow deliveries that are given back.
                DropReady();
            }

            _target = target;
            _ordered = page.Hook!.Ordered;
            if (_ordered && (dropped || _readAround || _known.Count > 0))
            {
                // An older delivery may be missing in the page.
                _more = true;
                TakeOffered();
                return;
            }

            foreach (DueDelivery delivery in page.Due)
            {
                _readUpTo = Math.Max(_readUpTo, delivery.Id);
                EnqueueNew(delivery);
            }

            _open = true;
            if (page.Whole)
            {
                TakeOffered().ForEach(EnqueueNew);
            }
            else
            {
                // Older deliveries than the offered ones may be unread.
                _more = true;
                TakeOffered();
            }
        }
    }

    /// <summary>
    /// Adds a delivery that was just written, so that it need not be read. Returns false if an older delivery is unread, if there is no room, or if deliveries
    /// must be sent in order, because publishers do not call this in the order of their commits.
    /// </summary>
    public bool Offer(DueDelivery delivery)
    {
        lock (_gate)
        {
            // If a page already contained the delivery, it may have been sent and recorded by now.
            if (!_open || _more || _target is null || _ordered || _closed || delivery.Id <= _readUpTo
                || _known.Count + _offered.Count >= MaxKnown || _bytes + _offeredBytes + delivery.Size > MaxBytes)
            {
                return false;
            }

            if (_reading)
            {
                _offeredBytes += delivery.Size;
                _offered.Add(delivery);
            }
            else
            {
                EnqueueNew(delivery);
            }

            return true;
        }
    }

    /// <summary>Drops the deliveries that no worker has taken yet. They are read again when needed.</summary>
    public void PutBack()
    {
        lock (_gate)
        {
            DropReady();
        }
    }

    /// <summary>Forgets a delivery whose attempt did not start, so that the lane reads it from the store again.</summary>
    public void GiveBack(long delivery)
    {
        lock (_gate)
        {
            _known.Remove(delivery);
            _more = true;
        }
    }

    /// <summary>Adds as many workers as there are deliveries for, within the limit. Returns how many were added.</summary>
    public int AddWorkers(int limit)
    {
        lock (_gate)
        {
            int added = _closed || _target is null ? 0 : Math.Max(0, Math.Min(_ready.Count, limit - _workers));
            _workers += added;
            return added;
        }
    }

    /// <summary>Whether a delivery waits for a worker.</summary>
    public bool HasReady
    {
        get
        {
            lock (_gate)
            {
                return _ready.Count > 0;
            }
        }
    }

    /// <summary>Gives a worker its next delivery, or removes the worker.</summary>
    /// <param name="limit">The maximum number of workers.</param>
    /// <param name="delivery">The delivery.</param>
    /// <param name="target">The target to send it to, unless that is withdrawn in the meantime.</param>
    /// <param name="runsLow">Whether the loop should run, because the store may have more deliveries.</param>
    public bool TryTake(int limit, [NotNullWhen(true)] out DueDelivery? delivery, [NotNullWhen(true)] out Target? target, out bool runsLow)
    {
        lock (_gate)
        {
            delivery = null;
            target = _target;
            bool taken = !_closed && target is not null && _workers <= limit && _ready.TryDequeue(out delivery);
            if (taken)
            {
                _bytes -= delivery!.Size;
            }
            else
            {
                _workers--;
            }

            runsLow = HasRoom();
            return taken;
        }
    }

    /// <summary>Takes more deliveries for a worker that has taken one.</summary>
    public IReadOnlyList<DueDelivery> TakeMore(int limit)
    {
        lock (_gate)
        {
            DueDelivery[] taken = [.. Enumerable.Range(0, Math.Min(limit, _ready.Count)).Select(_ => _ready.Dequeue())];
            _bytes -= taken.Sum(delivery => (long)delivery.Size);
            return taken;
        }
    }

    /// <summary>Removes a worker that failed before it could take its next delivery.</summary>
    public void RemoveWorker()
    {
        lock (_gate)
        {
            _workers--;
        }
    }

    /// <summary>Notes that a delivery's outcome is on disk, so that the delivery may be read from the store again.</summary>
    /// <returns>Whether the loop should run, because there is room again.</returns>
    public bool Forget(long delivery)
    {
        lock (_gate)
        {
            bool hadRoom = HasRoom();
            _known.Remove(delivery);
            return !hadRoom && HasRoom();
        }
    }

    /// <summary>Stops giving out deliveries, and withdraws the target of attempts that have not started.</summary>
    /// <returns>The deliveries that were given out and are not on disk yet.</returns>
    public IReadOnlySet<long> Close()
    {
        lock (_gate)
        {
            _closed = true;
            Withdraw();
            return _known.ToHashSet();
        }
    }

    /// <summary>Whether the backlog is closed and has no workers.</summary>
    public bool HasNoWorkers
    {
        get
        {
            lock (_gate)
            {
                return _closed && _workers == 0;
            }
        }
    }

    /// <summary>Closes the backlog if it is empty and has no workers.</summary>
    /// <returns>Whether the backlog is closed.</returns>
    public bool CloseIfIdle()
    {
        lock (_gate)
        {
            return _closed |= _known.Count == 0 && _offered.Count == 0 && _workers == 0;
        }
    }

    private void Withdraw()
    {
        _target?.Withdraw();
        _target = null;
        DropReady();
    }

    private void DropReady()
    {
        _known.ExceptWith(_ready.Select(delivery => delivery.Id));
        _more |= _ready.Count > 0;
        _open = false;
        _bytes = 0;
        _ready.Clear();
        _more |= TakeOffered().Count > 0;
    }

    private List<DueDelivery> TakeOffered()
    {
        List<DueDelivery> offered = [.. _offered];
        _offered.Clear();
        _offeredBytes = 0;
        return offered;
    }

    private void EnqueueNew(DueDelivery delivery)
    {
        if (_known.Add(delivery.Id))
        {
            _ready.Enqueue(delivery);
            _bytes += delivery.Size;
        }
    }

    private bool HasRoom() =>
        (_more || !_open) && (_ordered ? _known.Count == 0 : _ready.Count < MaxPage / 2 && _known.Count < MaxKnown);
}

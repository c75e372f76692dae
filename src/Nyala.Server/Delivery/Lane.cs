using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// Sends the events of one hook. A loop reads due deliveries from the store page by page; workers, up to the hook's limit, take them one
/// by one. Everything that it holds is also in the store, so it can end at any moment; the next lane reads its queue again.
/// </summary>
internal sealed class Lane : IAsyncDisposable
{
    private static readonly TimeSpan TroubleWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongHold = TimeSpan.FromSeconds(1);

    private readonly long _hook;
    private readonly LaneParts _parts;
    private readonly Backlog _backlog = new();
    private readonly LaneGate _gate;
    private readonly LaneWorkers _workers;
    private readonly AsyncSignal _signal = new();
    private readonly CancellationTokenSource _hardStop = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WakeTimer _timer;

    private long? _epoch;
    private HookRecord? _record;
    private Target? _target;
    private volatile bool _stopping;
    private volatile bool _shut;
    private volatile bool _used = true;

    public Lane(long hook, LaneParts parts)
    {
        (_hook, _parts) = (hook, parts);
        _gate = new LaneGate(parts.Breaker, parts.Accounts, parts.Options.InFlightPerHook);
        _workers = new LaneWorkers(this, hook, parts, _backlog, _gate, _hardStop.Token);
        _timer = new WakeTimer(parts.Clock, () => Wake());
    }

    /// <summary>Completes when the lane has ended: stopped, fenced off by a newer one, or its hook is gone.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Completes when the lane has read its queue for the first time, has failed to read it, or ends.</summary>
    public Task Started => _started.Task;

    /// <summary>The epoch of the lane's outcomes. It is known before the first delivery is read.</summary>
    public long Epoch => _epoch ?? 0;

    public void Start() => Completion = Task.Run(RunAsync);

    /// <summary>Signals that the store has new deliveries for this hook.</summary>
    /// <returns>False if the lane is ending, so that the next one must be woken.</returns>
    public bool Wake()
    {
        _used = true;
        bool open = _backlog.Expect();
        _signal.Set();
        return open && !_stopping;
    }

    /// <summary>Offers a delivery that was just accepted.</summary>
    /// <returns>False if the delivery must be read from the store. If so, wake the lane.</returns>
    public bool Offer(DueDelivery delivery)
    {
        if (_shut || _stopping || !_backlog.Offer(delivery))
        {
            return false;
        }

        _used = true;
        StartWorkers();
        return true;
    }

    /// <summary>Ends the lane if it has had nothing to do since the last call.</summary>
    public void EndIfUnused()
    {
        if (!_used && _backlog.CloseIfIdle())
        {
            EndSoon();
        }

        _used = false;
    }

    /// <summary>Signals that the hook itself has changed. Once this returns, no attempt starts under the old hook.</summary>
    public void HookChanged()
    {
        _backlog.HookChanged();
        _signal.Set();
    }

    /// <summary>Makes the loop run once more.</summary>
    public void Signal() => _signal.Set();

    /// <summary>Signals that a worker has ended.</summary>
    public void WorkerLeft() => EndIfNoWorkers();

    /// <summary>Starts no attempt for a while, after a fault of the server.</summary>
    public void RestAfterTrouble()
    {
        _backlog.Suspend();
        _timer.At(_parts.Clock.GetUtcNow() + TroubleWait);
    }

    /// <summary>Whether the lane takes no more deliveries.</summary>
    public bool IsEnding => _stopping;

    /// <summary>Takes no more deliveries, and ends once the attempts in flight have.</summary>
    public void EndSoon()
    {
        _stopping = true;
        IReadOnlySet<long> givenOut = _backlog.Close();
        _started.TrySetResult();
        _parts.FirstAttempts.Release(_hook, givenOut);
        _signal.Set();
    }

    /// <summary>Ends the lane because a newer one has taken over.</summary>
    public void Fence()
    {
        DeliveryLog.LaneFenced(_parts.Logger, _hook, _epoch ?? 0);
        EndSoon();
    }

    /// <summary>Takes no more deliveries and lets the attempts in flight end; after the time-out they are cut off and stay pending.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        EndSoon();
        try
        {
            await Completion.WaitAsync(timeout, _parts.Clock);
        }
        catch (TimeoutException)
        {
            await CutOffAsync();
            await Completion;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        await _timer.DisposeAsync();
        _hardStop.Dispose();
    }

    private async Task CutOffAsync()
    {
        try
        {
            await _hardStop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The server and the actor runtime stop a lane independently; the other one was faster.
        }
    }

    /// <summary>Notes that an outcome is on disk, so that the delivery may be read from the store again.</summary>
    public void Written(long delivery, Verdict verdict)
    {
        bool hasRoom = _backlog.Forget(delivery);
        if (verdict.State == DeliveryState.Pending)
        {
            _timer.At(verdict.Due);
        }

        if (verdict.HookGone)
        {
            HookChanged();
        }
        else if (verdict.State != DeliveryState.Pending && _parts.Lanes.AreMany && _backlog.CloseIfIdle())
        {
            EndSoon();
        }
        else if (hasRoom)
        {
            _signal.Set();
        }
    }

    private async Task RunAsync()
    {
        while (!_stopping)
        {
            try
            {
                if (_backlog.NeedsPage(IsShut()))
                {
                    await FillAsync();
                }

                StartWorkers();
            }
            catch (Exception error)
            {
                // The store or the hook's secrets cannot be read now. Queued deliveries stay queued.
                DeliveryLog.LaneTroubled(_parts.Logger, error, _hook);
                _timer.At(_parts.Clock.GetUtcNow() + TroubleWait);
            }

            // This is set even if the read failed, because the waker must not wait for this lane.
            _started.TrySetResult();
            await _signal.WaitAsync();
        }

        EndIfNoWorkers();
        await _idle.Task;
    }

    private async Task FillAsync()
    {
        _epoch ??= await _parts.Epochs.BeginAsync(_hook);
        (HashSet<long> known, int limit, bool changed) = _backlog.BeginPage();
        DateTimeOffset now = _parts.Clock.GetUtcNow();
        try
        {
            LanePage page = await _parts.Store.ReadPageAsync(new LaneQuery(_hook, now, known, limit, Backlog.MaxBytes));
            _started.TrySetResult();
            switch (page.Hook?.State)
            {
                case null or HookState.Gone:
                    await CloseAllAsync();
                    break;
                case HookState.Active:
                    Take(page, changed);
                    break;
                default:
                    _backlog.Suspend();
                    _parts.FirstAttempts.Release(_hook);
                    break;
            }
        }
        catch
        {
            _backlog.AbandonPage(changed);
            throw;
        }
    }

    private void Take(LanePage page, bool changed)
    {
        if (_target is null or { IsWithdrawn: true } || !SameTarget(_record!, page.Hook!))
        {
            _target?.Withdraw();
            _target = _parts.Targets.Of(page.Hook!);
            _record = page.Hook;
        }

        _gate.Adopt(page.Hook!, _target, changed);
        _backlog.Add(page, _target);
        if (page.NextDue is { } next)
        {
            _timer.At(next);
        }
    }

    private async Task CloseAllAsync()
    {
        const int Batch = 1000;
        _backlog.Suspend();
        _parts.FirstAttempts.Release(_hook);
        DateTimeOffset now = _parts.Clock.GetUtcNow();
        int? closed;
        do
        {
            closed = await _parts.Store.WriteAsync<int?>(tables => tables.Hooks.Find(_hook) is null or { State: HookState.Gone }
                ? tables.Queue.EndAsGone(_hook, "The hook is gone or was removed.", now, Batch)
                : null);
        }
        while (closed == Batch);

        if (closed is null)
        {
            // The hook was subscribed again in the meantime, so its pending deliveries must be sent.
            Wake();
        }
        else
        {
            EndSoon();
        }
    }

    private bool IsShut()
    {
        _gate.Limit(_parts.Clock.GetUtcNow(), out DateTimeOffset? opens);
        return opens is not null;
    }

    private void StartWorkers()
    {
        DateTimeOffset now = _parts.Clock.GetUtcNow();
        int limit = _gate.Limit(now, out DateTimeOffset? opens);
        _shut = opens is not null;
        if (opens is { } time)
        {
            _timer.At(time);
            _parts.FirstAttempts.Release(_hook);
            if (time - now > LongHold)
            {
                // Thousands of hooks may be held at the same time, so none keeps its queue in memory.
                _backlog.PutBack();
            }
        }

        _workers.AddWorkers(limit);
    }

    private void EndIfNoWorkers()
    {
        if (_backlog.HasNoWorkers)
        {
            _idle.TrySetResult();
        }
    }

    private static bool SameTarget(HookRecord a, HookRecord b) =>
        (a.Url, a.UserInfo, a.InsecureSsl, a.Secret, a.Retired, a.Headers, a.Authority, a.ClientCertificate, a.Format, a.FormatSettings, a.LogLines)
        == (b.Url, b.UserInfo, b.InsecureSsl, b.Secret, b.Retired, b.Headers, b.Authority, b.ClientCertificate, b.Format, b.FormatSettings, b.LogLines);
}

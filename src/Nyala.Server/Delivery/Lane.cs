using System.Diagnostics.CodeAnalysis;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// Sends one hook its events. A loop pages due deliveries from the store; up to the hook's limit of workers take them one
/// by one. It holds nothing that the store does not: it may die at any moment, and the next one reads its queue back.
/// </summary>
internal sealed class Lane : IAsyncDisposable
{
    private static readonly TimeSpan TroubleWait = TimeSpan.FromSeconds(5);

    private readonly long _hook;
    private readonly LaneParts _parts;
    private readonly Backlog _backlog = new();
    private readonly AsyncSignal _signal = new();
    private readonly CancellationTokenSource _hardStop = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WakeTimer _timer;

    private long _epoch;
    private HookRecord? _record;
    private Target? _target;
    private volatile bool _stopping;

    public Lane(long hook, LaneParts parts)
    {
        (_hook, _parts) = (hook, parts);
        _timer = new WakeTimer(parts.Clock, Wake);
    }

    /// <summary>Completes when the lane has ended: stopped, fenced off by a newer one, or its hook is gone.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public void Start() => Completion = Task.Run(RunAsync);

    /// <summary>Says that the store has something new for this hook.</summary>
    public void Wake()
    {
        _backlog.Expect();
        _signal.Set();
    }

    /// <summary>Says that the hook itself has changed: what is queued here must not go out as it stood.</summary>
    public void HookChanged()
    {
        _backlog.Expect(hookChanged: true);
        _signal.Set();
    }

    /// <summary>Says that a newer lane has taken over.</summary>
    public void Fence()
    {
        DeliveryLog.LaneFenced(_parts.Logger, _hook, _epoch);
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
            await _hardStop.CancelAsync();
            await Completion;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        await _timer.DisposeAsync();
        _hardStop.Dispose();
    }

    /// <summary>Says that an outcome is on disk: the delivery may be read from the store again.</summary>
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
                if (_backlog.NeedsPage)
                {
                    await FillAsync();
                }

                Employ();
            }
            catch (Exception error)
            {
                // The store or the hook's secrets cannot be read now: what is queued stays queued.
                DeliveryLog.LaneTroubled(_parts.Logger, error, _hook);
                _timer.At(_parts.Clock.GetUtcNow() + TroubleWait);
            }

            await _signal.WaitAsync();
        }

        EndIfDeserted();
        await _idle.Task;
    }

    private async Task FillAsync()
    {
        if (_epoch == 0)
        {
            _epoch = await _parts.Store.WriteAsync(tables => tables.Hooks.NextEpoch(_hook)) ?? 0;
        }

        (HashSet<long> known, int limit) = _backlog.BeginPage();
        DateTimeOffset now = _parts.Clock.GetUtcNow();
        LanePage page = await _parts.Store.ReadAsync(tables => LanePage.Read(tables, _hook, now, known, limit));
        switch (page.Hook?.State)
        {
            case null or HookState.Gone:
                await CloseAllAsync();
                break;
            case HookState.Active:
                Take(page);
                break;
            default:
                Hold();
                break;
        }
    }

    private void Take(LanePage page)
    {
        if (_target is null || !SameTarget(_record!, page.Hook!))
        {
            _target = _parts.Targets.Of(page.Hook!);
            _record = page.Hook;
        }

        _backlog.Add(page);
        if (page.NextDue is { } next)
        {
            _timer.At(next);
        }
    }

    /// <summary>Puts back what was read but not begun: the hook is paused or disabled.</summary>
    private void Hold()
    {
        foreach (DueDelivery delivery in _backlog.PutBack())
        {
            _parts.FirstAttempts.Settle(delivery.Event, delivery.Id);
        }
    }

    private async Task CloseAllAsync()
    {
        const int Batch = 1000;
        Hold();
        DateTimeOffset now = _parts.Clock.GetUtcNow();
        int? closed;
        do
        {
            closed = await _parts.Store.WriteAsync<int?>(tables => tables.Hooks.Find(_hook) is null or { State: HookState.Gone }
                ? tables.Deliveries.Close(_hook, "The hook is gone or was removed.", now, Batch)
                : null);
        }
        while (closed == Batch);

        if (closed is null)
        {
            // Subscribed again meanwhile: what is pending now is meant for it.
            Wake();
        }
        else
        {
            EndSoon();
        }
    }

    private void Employ()
    {
        for (int hired = _backlog.Hire(_parts.Options.InFlightPerHook); hired > 0; hired--)
        {
            _ = Task.Run(WorkAsync);
        }
    }

    private async Task WorkAsync()
    {
        while (TryTake(out DueDelivery? delivery))
        {
            try
            {
                await AttemptAsync(delivery, _target!);
            }
            catch (OperationCanceledException) when (_hardStop.IsCancellationRequested)
            {
                // Cut off by the stop: it is pending still, and goes out at the next start.
            }
        }
    }

    private bool TryTake([NotNullWhen(true)] out DueDelivery? delivery)
    {
        bool taken = _backlog.TryTake(out delivery, out bool runsLow);
        if (runsLow)
        {
            _signal.Set();
        }

        if (!taken)
        {
            EndIfDeserted();
        }

        return taken;
    }

    private void EndIfDeserted()
    {
        if (_backlog.IsDeserted)
        {
            _idle.TrySetResult();
        }
    }

    private async Task AttemptAsync(DueDelivery delivery, Target target)
    {
        if (_parts.Clock.GetUtcNow() >= delivery.Begun + _parts.Options.Life)
        {
            var expired = new Verdict(DeliveryState.Failed, delivery.Due, Spent: false);
            _parts.Outcomes.Write(new LaneOutcome(this, _hook, _epoch, delivery, null, expired));
            return;
        }

        bool first = delivery.Spent == 0;
        await _parts.Slots.TakeAsync(first, _hardStop.Token);
        AttemptOutcome outcome;
        try
        {
            outcome = await _parts.Sender.SendAsync(new Attempt(target, WebhookId.Of(delivery.Id), delivery.Type, delivery.NextAttempt, delivery.Body), _hardStop.Token);
        }
        finally
        {
            _parts.Slots.Return(first);
        }

        Verdict verdict = Verdict.Judge(
            outcome, delivery, _parts.Clock.GetUtcNow(), _parts.Schedule, _parts.Options.Life, _parts.Random.NextDouble());
        DeliveryLog.Attempted(_parts.Logger, outcome, delivery, _hook, verdict);
        _parts.Outcomes.Write(new LaneOutcome(this, _hook, _epoch, delivery, outcome, verdict));
    }

    private void EndSoon()
    {
        _stopping = true;
        _backlog.Close();
        _signal.Set();
    }

    private static bool SameTarget(HookRecord a, HookRecord b) =>
        (a.Url, a.UserInfo, a.InsecureSsl, a.Secret, a.Retired, a.Headers) == (b.Url, b.UserInfo, b.InsecureSsl, b.Secret, b.Retired, b.Headers);
}

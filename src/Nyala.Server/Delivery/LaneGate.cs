using System.Diagnostics.CodeAnalysis;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// Decides how many of a lane's attempts may be in flight: none while the breaker holds, one as its probe or if order matters, otherwise
/// the hook's limit, at its rate and at that of its account. Thread-safe.
/// </summary>
internal sealed class LaneGate(Breaker breaker, AccountLimits accounts, int inFlight)
{
    private readonly Lock _lock = new();
    private HookHealth _health;
    private RateLimit? _rate;
    private Account? _account;
    private bool _ordered;
    private bool _adopted;
    private bool _gone;

    /// <summary>Whether deliveries are sent in order.</summary>
    public bool Ordered
    {
        get
        {
            lock (_lock)
            {
                return _ordered;
            }
        }
    }

    /// <summary>Takes over the settings and health of the hook from the store.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="target">The hook's target.</param>
    /// <param name="changed">Whether the hook has changed since the last read.</param>
    public void Adopt(HookRecord hook, Target target, bool changed)
    {
        lock (_lock)
        {
            // The lane knows the hook's health better than the store, unless a person has reset it.
            _health = !_adopted ? hook.Health : changed ? MergeHealth(_health, hook.Health) : _health;
            _adopted = true;
            _gone &= !changed;
            _ordered = hook.Ordered;
            _account = target.Account;
            int? rate = hook.Rate ?? target.Format.Facts.Rate;
            if (rate != _rate?.Rate)
            {
                _rate = rate is { } limit ? RateLimit.Of(limit) : null;
            }
        }
    }

    /// <summary>Returns how many attempts may be in flight now.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="opens">When attempts may start again, if none may start now; otherwise null.</param>
    public int Limit(DateTimeOffset now, out DateTimeOffset? opens)
    {
        lock (_lock)
        {
            DateTimeOffset? shut = _health.HeldUntil > now ? _health.HeldUntil : null;
            opens = _rate?.Opens > (shut ?? now) ? _rate?.Opens : shut;
            if (_account is { } account && accounts.Opens(account) is var turn && turn > (opens ?? now))
            {
                opens = turn;
            }

            return opens is not null || _gone ? 0 : _ordered || breaker.IsOpen(_health) ? 1 : inFlight;
        }
    }

    /// <summary>Gives a worker its next delivery, or removes the worker.</summary>
    /// <param name="backlog">The backlog.</param>
    /// <param name="now">The current time.</param>
    /// <param name="job">The delivery and its target.</param>
    /// <param name="callLoop">Whether the loop should run, because the store may have more deliveries or the gate is shut.</param>
    public bool TryStart(Backlog backlog, DateTimeOffset now, [NotNullWhen(true)] out LaneJob? job, out bool callLoop)
    {
        lock (_lock)
        {
            int limit = Limit(now, out DateTimeOffset? opens);

            // Other lanes of the account may start at the same time, so the turn is taken first.
            bool turn = limit > 0 && _account is not null && backlog.HasReady;
            if (turn && !accounts.TryTake(_account!, now, out DateTimeOffset next))
            {
                (turn, limit, opens) = (false, 0, next);
            }

            bool started = backlog.TryTake(limit, out DueDelivery? delivery, out Target? target, out bool runsLow);
            callLoop = runsLow || opens is not null;
            job = started ? JobOf(backlog, delivery!, target!) : null;
            if (started)
            {
                _rate = _rate?.Take(now);
            }
            else if (turn)
            {
                accounts.Return(_account!);
            }

            return started;
        }
    }

    /// <summary>Notes how an attempt ended.</summary>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="verdict">The decision about its delivery.</param>
    /// <param name="probe">Whether the attempt was a probe.</param>
    /// <param name="now">When the attempt ended.</param>
    /// <param name="write">Is called with the health of the hook, in the order in which attempts end.</param>
    public GateChange Note(AttemptOutcome outcome, Verdict verdict, bool probe, DateTimeOffset now, Action<HookHealth> write)
    {
        lock (_lock)
        {
            bool wasOpen = breaker.IsOpen(_health);
            _health = breaker.After(_health, outcome, verdict, probe, now);

            // Until this is on disk and the hook is read again, only the lane knows that the receiver wants no more events.
            _gone |= verdict.HookGone;
            write(_health);
            return (wasOpen, breaker.IsOpen(_health)) switch
            {
                (false, true) => GateChange.BreakerOpened,
                (true, false) => GateChange.BreakerClosed,
                _ => GateChange.None,
            };
        }
    }

    /// <summary>Notes how a further delivery of an attempt ended. The attempt counts once for the health of the hook.</summary>
    /// <param name="write">Is called with the health of the hook, in the order in which attempts end.</param>
    public void NoteMore(Action<HookHealth> write)
    {
        lock (_lock)
        {
            write(_health);
        }
    }

    private LaneJob JobOf(Backlog backlog, DueDelivery delivery, Target target)
    {
        var job = new LaneJob(delivery, target, breaker.IsOpen(_health));
        if (target.MaxCombined == 1)
        {
            return job;
        }

        // After a retry, the queue is not in the order of the events.
        DueDelivery[] all = [.. backlog.TakeMore(target.MaxCombined - 1).Append(delivery).OrderBy(one => one.Id)];
        return job with { Delivery = all[0], More = all[1..] };
    }

    private static HookHealth MergeHealth(HookHealth own, HookHealth stored) =>
        stored.Failures == 0 ? stored : stored.HeldUntil is null || stored.HeldUntil < own.HeldUntil ? own with { HeldUntil = stored.HeldUntil } : own;
}

/// <summary>What the end of an attempt changes at a gate.</summary>
internal enum GateChange
{
    /// <summary>The breaker has not changed.</summary>
    None,

    /// <summary>The breaker has opened: only probes start.</summary>
    BreakerOpened,

    /// <summary>The breaker has closed: more may start than before.</summary>
    BreakerClosed,
}

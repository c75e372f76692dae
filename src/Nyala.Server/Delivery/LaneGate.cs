using System.Diagnostics.CodeAnalysis;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// Says how many of a lane's attempts may be in flight: none while the breaker holds, one as its probe or where order matters, else
/// the hook's share, at the pace that it asked for. For many threads.
/// </summary>
internal sealed class LaneGate(Breaker breaker, int inFlight, DeliveryInstruments instruments)
{
    private readonly Lock _lock = new();
    private HookHealth _health;
    private Pace? _pace;
    private bool _ordered;
    private bool _adopted;

    /// <summary>Whether one delivery follows the other.</summary>
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

    /// <summary>Takes over what the store says of the hook.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="changed">Whether somebody has changed it there since it was read last.</param>
    public void Adopt(HookRecord hook, bool changed)
    {
        lock (_lock)
        {
            // The lane knows better than the store how the hook fares, save where people have made that milder.
            _health = !_adopted ? hook.Health : changed ? Milder(_health, hook.Health) : _health;
            _adopted = true;
            _ordered = hook.Ordered;
            if (hook.Rate != _pace?.Rate)
            {
                _pace = hook.Rate is { } rate ? Pace.Of(rate) : null;
            }
        }
    }

    /// <summary>How many attempts may be in flight now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="opens">When more may start, where it is shut now; else null.</param>
    public int Limit(DateTimeOffset now, out DateTimeOffset? opens)
    {
        lock (_lock)
        {
            DateTimeOffset? shut = _health.HeldUntil > now ? _health.HeldUntil : null;
            opens = _pace?.Opens > (shut ?? now) ? _pace?.Opens : shut;
            return opens is not null ? 0 : _ordered || breaker.IsOpen(_health) ? 1 : inFlight;
        }
    }

    /// <summary>Gives a worker its next delivery, or counts it out.</summary>
    /// <param name="backlog">What there is to do.</param>
    /// <param name="now">The time.</param>
    /// <param name="delivery">The delivery.</param>
    /// <param name="probe">Whether its attempt probes a receiver that was failing.</param>
    /// <param name="callLoop">Whether the loop is to look: the store has more than the backlog, or the gate is shut.</param>
    public bool TryStart(Backlog backlog, DateTimeOffset now, [NotNullWhen(true)] out DueDelivery? delivery, out bool probe, out bool callLoop)
    {
        lock (_lock)
        {
            probe = breaker.IsOpen(_health);
            bool started = backlog.TryTake(Limit(now, out DateTimeOffset? opens), out delivery, out bool runsLow);
            callLoop = runsLow || opens is not null;
            if (started)
            {
                _pace = _pace?.Take(now);
            }

            return started;
        }
    }

    /// <summary>Notes how an attempt ended.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="verdict">What follows for its delivery.</param>
    /// <param name="probe">Whether it was a probe.</param>
    /// <param name="now">When it ended.</param>
    /// <param name="write">Hands on how the hook fares now, in the order in which attempts end.</param>
    /// <returns>Whether more may start than before, so that the loop is to look.</returns>
    public bool Note(AttemptOutcome outcome, Verdict verdict, bool probe, DateTimeOffset now, Action<HookHealth> write)
    {
        lock (_lock)
        {
            bool wasOpen = breaker.IsOpen(_health);
            _health = breaker.After(_health, outcome, verdict, probe, now);
            write(_health);
            bool isOpen = breaker.IsOpen(_health);
            if (isOpen && !wasOpen)
            {
                instruments.BreakerOpened();
            }

            return wasOpen && !isOpen;
        }
    }

    private static HookHealth Milder(HookHealth own, HookHealth stored) =>
        stored.Failures == 0 ? stored : stored.HeldUntil is null || stored.HeldUntil < own.HeldUntil ? own with { HeldUntil = stored.HeldUntil } : own;
}

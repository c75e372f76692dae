using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// Decides from how a hook fares whether an attempt is worth making. After some failures in a row the breaker is open: nothing is
/// sent but a probe from time to time, so that a receiver that is down costs little, and one that comes back is soon found. Pure.
/// </summary>
internal sealed class Breaker(DeliveryOptions options)
{
    /// <summary>Where the fault is ours, the next delivery would fail like this one.</summary>
    private static readonly TimeSpan OwnFaultHold = TimeSpan.FromSeconds(1);

    public bool IsOpen(HookHealth health) => health.Failures >= options.BreakerFailures;

    /// <summary>How the hook fares after an attempt.</summary>
    /// <param name="before">How it fared before.</param>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="verdict">What follows for its delivery.</param>
    /// <param name="probe">Whether it was begun while the breaker was open.</param>
    /// <param name="now">When it ended.</param>
    public HookHealth After(HookHealth before, AttemptOutcome outcome, Verdict verdict, bool probe, DateTimeOffset now)
    {
        if (outcome.Succeeded)
        {
            return default;
        }

        if (outcome.Kind == OutcomeKind.OurFault)
        {
            return before with { HeldUntil = Later(before.HeldUntil, Later(verdict.Hold, now + OwnFaultHold)) };
        }

        int failures = before.Failures + 1;
        int probes = probe ? before.Probes + 1 : before.Probes;

        // Attempts that were under way when the breaker opened say nothing new.
        DateTimeOffset? held = probe || failures == options.BreakerFailures
            ? Later(now + Wait(probes), Verdict.AskedFor(outcome, now) is { } asked ? now + asked : null)
            : before.HeldUntil;
        return new HookHealth(failures, before.FailingSince ?? now, Later(held, verdict.Hold), probes);
    }

    /// <summary>Whether nothing but failures has come for so long that the hook is to be disabled.</summary>
    public bool GivesUp(HookHealth health, DateTimeOffset now) => health.FailingSince is { } since && now - since >= options.DisableAfter;

    private TimeSpan Wait(int probes)
    {
        double seconds = options.BreakerProbe.TotalSeconds * Math.Pow(2, Math.Min(probes, 30));
        return seconds < options.BreakerProbeMax.TotalSeconds ? TimeSpan.FromSeconds(seconds) : options.BreakerProbeMax;
    }

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null || b > a ? b : a;
}

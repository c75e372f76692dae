using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// The circuit breaker: decides from the health of a hook whether an attempt is worth making. After some failures in a row it opens: nothing is
/// sent except a probe from time to time, so that a receiver that is down costs little and its return is noticed soon. Pure.
/// </summary>
internal sealed class Breaker(DeliveryOptions options)
{
    /// <summary>How long a hook is held after a fault of this server, because the next delivery would fail too.</summary>
    private static readonly TimeSpan OwnFaultHold = TimeSpan.FromSeconds(1);

    public bool IsOpen(HookHealth health) => health.Failures >= options.BreakerFailures;

    /// <summary>
    /// Returns the health of the hook after an attempt. A refusal counts as a failure: a receiver that refuses everything is held, so that it uses up no more events.
    /// </summary>
    /// <param name="before">The health before the attempt.</param>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="verdict">The decision about its delivery.</param>
    /// <param name="probe">Whether the attempt started while the breaker was open.</param>
    /// <param name="now">When the attempt ended.</param>
    public HookHealth After(HookHealth before, AttemptOutcome outcome, Verdict verdict, bool probe, DateTimeOffset now)
    {
        if (outcome.Succeeded)
        {
            return default;
        }

        if (outcome.Kind == OutcomeKind.NotRendered)
        {
            return before;
        }

        if (outcome.Kind == OutcomeKind.OurFault)
        {
            return before with { HeldUntil = Later(before.HeldUntil, Later(verdict.Hold, now + OwnFaultHold)) };
        }

        int failures = before.Failures + 1;
        int probes = probe ? before.Probes + 1 : before.Probes;

        // Attempts that were in flight when the breaker opened do not extend the hold.
        DateTimeOffset? held = probe || failures == options.BreakerFailures
            ? Later(now + Wait(probes), RetryRule.RequestedWait(outcome) is { } asked ? now + asked : null)
            : before.HeldUntil;
        return new HookHealth(failures, before.FailingSince ?? now, Later(held, verdict.Hold), probes);
    }

    /// <summary>Whether every attempt has failed for so long that the hook should be disabled.</summary>
    public bool ShouldDisable(HookHealth health, DateTimeOffset now) => health.FailingSince is { } since && now - since >= options.DisableAfter;

    private TimeSpan Wait(int probes)
    {
        double seconds = options.BreakerProbe.TotalSeconds * Math.Pow(2, Math.Min(probes, 30));
        return seconds < options.BreakerProbeMax.TotalSeconds ? TimeSpan.FromSeconds(seconds) : options.BreakerProbeMax;
    }

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null || b > a ? b : a;
}

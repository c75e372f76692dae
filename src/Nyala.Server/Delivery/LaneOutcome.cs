using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>An ended attempt that waits to be written.</summary>
/// <param name="Lane">The lane, which is notified once the outcome is written.</param>
/// <param name="Epoch">The lane's epoch. An outcome of an older lane is dropped.</param>
/// <param name="Outcome">How the attempt ended; null if no attempt was made because the delivery had expired.</param>
/// <param name="Health">The health of the hook after the attempt.</param>
/// <param name="Rendered">What the attempt sent, if it must be stored; otherwise null.</param>
internal sealed record LaneOutcome(
    Lane Lane, long Hook, long Epoch, DueDelivery Delivery, AttemptOutcome? Outcome, Verdict Verdict, HookHealth Health, RenderedBody? Rendered = null)
{
    public AttemptRecord? Attempt => Outcome is null ? null : OutcomeRows.Of(Delivery.Id, Delivery.AttemptNumber, Outcome);

    /// <summary>The approximate size in memory, in bytes.</summary>
    public long Size => 1024 + Delivery.Size + (Rendered?.Body.Length ?? 0)
        + (Outcome is null ? 0 : (Outcome.Answer?.Body?.Length ?? 0) + (2L * ((Outcome.RequestHeaders?.Length ?? 0) + (Outcome.Answer?.Headers?.Length ?? 0))));
}

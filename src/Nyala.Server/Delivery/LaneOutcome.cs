using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>An attempt that ended, on its way to the record.</summary>
/// <param name="Lane">Whose it is; told once the record is written.</param>
/// <param name="Epoch">The lane's epoch: an outcome of a lane that is not the newest is dropped.</param>
/// <param name="Outcome">Null if no attempt was made, since the delivery had expired.</param>
/// <param name="Health">How the hook fares after the attempt.</param>
internal sealed record LaneOutcome(
    Lane Lane, long Hook, long Epoch, DueDelivery Delivery, AttemptOutcome? Outcome, Verdict Verdict, HookHealth Health)
{
    public AttemptRecord? Attempt => Outcome is null ? null : OutcomeRows.Of(Delivery.Id, Delivery.NextAttempt, Outcome);

    /// <summary>What it takes in memory, roughly.</summary>
    public long Size => 1024 + Delivery.Body.Length
        + (Outcome is null ? 0 : (Outcome.Answer?.Length ?? 0) + (2L * ((Outcome.RequestHeaders?.Length ?? 0) + (Outcome.AnswerHeaders?.Length ?? 0))));
}

using Nyala.Server.Hooks;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>When a delivery is attempted next, and why not earlier.</summary>
/// <param name="Time">The time; null if it is not known, or if there is no next attempt.</param>
/// <param name="Reason">The reason for the wait, or for the end of the delivery; null if there is none.</param>
internal readonly record struct NextAttempt(DateTimeOffset? Time, string? Reason)
{
    /// <summary>Decides from the delivery, its hook (null if it was removed), and why the hook is held (null if it is not). Pure.</summary>
    public static NextAttempt Of(DeliveryRecord delivery, HookRecord? hook, HookHold? hold) => delivery.State != DeliveryState.Pending
        ? new NextAttempt(null, delivery.Reason)
        : hook is null or { State: HookState.Gone } ? new NextAttempt(null, "The hook is gone or was removed. This delivery ends shortly.")
        : hold is { Until: null } ended ? new NextAttempt(null, ended.Text)
        : hold is { Until: { } until } held && until > delivery.Due ? new NextAttempt(until, held.Text)
        : new NextAttempt(delivery.Due, null);
}

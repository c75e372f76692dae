using Nyala.Server.Hooks;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>When a delivery is tried next, and why not before.</summary>
/// <param name="Time">Null where it is not known, or never.</param>
/// <param name="Reason">Null where there is nothing to say.</param>
internal readonly record struct NextAttempt(DateTimeOffset? Time, string? Reason)
{
    /// <summary>Decides it from the delivery and its hook, which is null where it was removed. Pure.</summary>
    public static NextAttempt Of(DeliveryRecord delivery, HookRecord? hook)
    {
        if (delivery.State != DeliveryState.Pending)
        {
            return new NextAttempt(null, delivery.Reason);
        }

        return hook switch
        {
            null or { State: HookState.Gone } => new NextAttempt(null, "The hook is gone or was removed; this delivery ends in a moment."),
            { State: not HookState.Active } => new NextAttempt(null, $"The hook is {LifecycleRule.Word(hook.State)}. {LifecycleRule.Instead(hook.State)}"),
            { Health.HeldUntil: { } held } when held > delivery.Due => new NextAttempt(held, "Attempts to this hook kept failing: nothing is sent to it before then."),
            _ => new NextAttempt(delivery.Due, null),
        };
    }
}

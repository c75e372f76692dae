using Nyala.Server.Hooks;
using Nyala.Server.Storage;

namespace Nyala.Server.History;

/// <summary>Decides which deliveries may be resent. Pure.</summary>
internal static class RedeliveryRule
{
    /// <summary>Returns why a delivery cannot be resent, and what to do; null if it can.</summary>
    public static string? Refuse(DeliveryRecord delivery, HookRecord? hook) => delivery switch
    {
        { IsPing: true } => "It is a ping, which is sent once. Ping the hook again: POST /api/hooks/{id}/ping.",
        { State: DeliveryState.Pending } => "It is pending: it goes out as it is, see next_attempt. Only what has ended can be sent again.",
        _ => Refuse(hook),
    };

    /// <summary>Returns why nothing can be resent to a hook (null if it was removed), and what to do; null if resending is possible.</summary>
    public static string? Refuse(HookRecord? hook) => hook switch
    {
        null => "Its hook was removed, so there is nobody to send it to. Subscribe the url again: POST /api/hooks; the new hook hears what comes from then on.",
        { State: HookState.Active } => null,
        _ => $"The hook is {LifecycleRule.Word(hook.State)}, so nothing is sent to it. {LifecycleRule.NextStep(hook.State)}",
    };
}

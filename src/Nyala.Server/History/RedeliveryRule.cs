using Nyala.Server.Hooks;
using Nyala.Server.Storage;

namespace Nyala.Server.History;

/// <summary>Decides which deliveries may be resent. Pure.</summary>
internal static class RedeliveryRule
{
    /// <summary>Returns why a delivery cannot be resent, and what to do; null if it can.</summary>
    public static string? Refuse(DeliveryRecord delivery, HookRecord? hook) => delivery switch
    {
        { IsPing: true } => "The delivery is a ping, which is sent only once. To ping the hook again, use POST /api/hooks/{id}/ping.",
        { State: DeliveryState.Pending } => "The delivery is pending; next_attempt says when it is sent. Only an ended delivery can be resent.",
        _ => Refuse(hook),
    };

    /// <summary>Returns why nothing can be resent to a hook (null if it was removed), and what to do; null if resending is possible.</summary>
    public static string? Refuse(HookRecord? hook) => hook switch
    {
        null => "The hook was removed, so there is no receiver. To subscribe the url again, use POST /api/hooks. The new hook receives only later events.",
        { State: HookState.Active } => null,
        _ => $"The hook is {LifecycleRule.Word(hook.State)}. {LifecycleRule.NextStep(hook.State)}",
    };
}

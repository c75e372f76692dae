using System.Globalization;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>A requested change of a hook's state.</summary>
internal enum LifecycleVerb
{
    /// <summary>Holds the hook's deliveries.</summary>
    Pause,

    /// <summary>Ends a pause. Deliveries that were held are sent.</summary>
    Resume,

    /// <summary>Re-enables a hook that was disabled after days of failures.</summary>
    Enable,

    /// <summary>Restores a hook that is gone because its receiver asked to be removed.</summary>
    Restore,
}

/// <summary>The result of a <see cref="LifecycleVerb"/>.</summary>
/// <param name="State">The state that the hook has afterwards.</param>
/// <param name="Refusal">Why nothing changes, and what to do; null if the hook is now, or was already, in the requested state.</param>
internal readonly record struct LifecycleVerdict(HookState State, string? Refusal);

/// <summary>Decides which changes of state are allowed. Pure.</summary>
internal static class LifecycleRule
{
    /// <summary>How long a hook that is gone can be restored.</summary>
    public static readonly TimeSpan Restorable = TimeSpan.FromDays(30);

    public static LifecycleVerdict Judge(LifecycleVerb verb, HookState state, DateTimeOffset? since, DateTimeOffset now)
    {
        (HookState from, HookState to) = verb switch
        {
            LifecycleVerb.Pause => (HookState.Active, HookState.Paused),
            LifecycleVerb.Resume => (HookState.Paused, HookState.Active),
            LifecycleVerb.Enable => (HookState.Disabled, HookState.Active),
            _ => (HookState.Gone, HookState.Active),
        };
        string? refusal = state == to ? null
            : state != from ? $"The hook is {Word(state)}. Only a hook that is {Word(from)} can be {Done(verb)}. {NextStep(state)}"
            : state == HookState.Gone && since < now - Restorable
                ? $"The hook has been gone since {since.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, and can only be restored for {Restorable.Days} days. To subscribe its url again, use POST /api/hooks."
            : null;
        return new LifecycleVerdict(refusal is null ? to : state, refusal);
    }

    /// <summary>Returns the state's name in the API.</summary>
    public static string Word(HookState state) => state.ToString().ToLowerInvariant();

    /// <summary>Returns what to do to make a hook in this state active.</summary>
    public static string NextStep(HookState state) => state switch
    {
        HookState.Paused => "To resume it, use POST /api/hooks/{id}/resume.",
        HookState.Disabled => "Nothing is sent to it. To re-enable it, use POST /api/hooks/{id}/enable.",
        HookState.Gone => "Its receiver asked to be removed. To restore it, use POST /api/hooks/{id}/restore.",
        _ => "Nothing needs to be done.",
    };

    private static string Done(LifecycleVerb verb) => verb switch
    {
        LifecycleVerb.Pause => "paused",
        LifecycleVerb.Resume => "resumed",
        LifecycleVerb.Enable => "re-enabled",
        _ => "restored",
    };
}

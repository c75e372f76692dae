using System.Globalization;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>What a person asks of a hook's state.</summary>
internal enum LifecycleVerb
{
    /// <summary>Holds the hook's events back.</summary>
    Pause,

    /// <summary>Ends a pause: what came meanwhile goes out.</summary>
    Resume,

    /// <summary>Takes back a hook that nothing but failed for days.</summary>
    Enable,

    /// <summary>Takes back a hook whose receiver asked to be removed.</summary>
    Restore,
}

/// <summary>What comes of it.</summary>
/// <param name="State">The state that the hook has afterwards.</param>
/// <param name="Refusal">Why nothing is changed, and what to do; null if it is done, or was done before.</param>
internal readonly record struct LifecycleVerdict(HookState State, string? Refusal);

/// <summary>Decides which states follow which. Pure.</summary>
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
            : state != from ? $"The hook is {Word(state)}, and only one that is {Word(from)} can be {Done(verb)}. {NextStep(state)}"
            : state == HookState.Gone && since < now - Restorable
                ? $"The hook is gone since {since.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, and can be restored for {Restorable.Days} days. Subscribe its url again: POST /api/hooks."
            : null;
        return new LifecycleVerdict(refusal is null ? to : state, refusal);
    }

    /// <summary>The state as the API tells it.</summary>
    public static string Word(HookState state) => state.ToString().ToLowerInvariant();

    /// <summary>What makes a hook active that is in this state.</summary>
    public static string NextStep(HookState state) => state switch
    {
        HookState.Paused => "Resume it: POST /api/hooks/{id}/resume.",
        HookState.Disabled => "It is sent nothing as it is; enable it: POST /api/hooks/{id}/enable.",
        HookState.Gone => "Its receiver asked to be removed; restore it: POST /api/hooks/{id}/restore.",
        _ => "There is nothing to do.",
    };

    private static string Done(LifecycleVerb verb) => verb switch
    {
        LifecycleVerb.Pause => "paused",
        LifecycleVerb.Resume => "resumed",
        LifecycleVerb.Enable => "enabled",
        _ => "restored",
    };
}

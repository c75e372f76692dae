using Nyala.Server.Outbound.Formats;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>Why a hook's deliveries are held.</summary>
/// <param name="Reason">The reason as in the API: <c>paused</c>, <c>disabled</c>, <c>breaker</c>, <c>retry</c>, <c>rate</c> or <c>own_fault</c>.</param>
/// <param name="Until">When the hold ends; null if a person has to end it.</param>
/// <param name="Text">The reason as a sentence.</param>
internal readonly record struct HookHold(string Reason, DateTimeOffset? Until, string Text)
{
    /// <summary>
    /// The highest rate, in attempts per minute, that is reported as a hold. At higher rates, the wait between two attempts is shorter than a second.
    /// </summary>
    private const int FastRate = 60;

    /// <summary>Decides from the hook's record why its deliveries are held. Returns null if they are not held, or if the hook is gone. Pure.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="breakerFailures">The number of failures in a row that opens the circuit breaker.</param>
    /// <param name="now">The current time.</param>
    public static HookHold? Of(HookRecord hook, int breakerFailures, DateTimeOffset now)
    {
        if (hook.State != HookState.Active)
        {
            string word = LifecycleRule.Word(hook.State);
            return hook.State == HookState.Gone ? null : new HookHold(word, null, $"The hook is {word}. {LifecycleRule.NextStep(hook.State)}");
        }

        HookHold? health = hook.Health.HeldUntil is { } held && held > now ? OfHealth(hook, breakerFailures, held) : null;
        int? limit = hook.Rate ?? (hook.Format is { } format ? FormatCatalog.Find(format)?.Facts.Rate : null);
        DateTimeOffset? paced = limit is { } rate and <= FastRate && hook.Last is { } last ? last.Time + TimeSpan.FromMinutes(1.0 / rate) : null;
        string whose = hook.Rate is null ? $"rate limit of the format '{hook.Format}'" : "hook's rate limit";
        return paced > (health?.Until ?? now)
            ? new HookHold("rate", paced, $"The {whose} is {limit} attempts per minute. The next attempt starts at this time at the latest.")
            : health;
    }

    private static HookHold OfHealth(HookRecord hook, int breakerFailures, DateTimeOffset until) => hook.Health.Failures switch
    {
        0 => new HookHold("own_fault", until, "This server could not make an attempt. It tries again shortly."),
        int failures when failures >= breakerFailures =>
            new HookHold("breaker", until, $"The circuit breaker is open because the last {failures} attempts failed. Nothing is sent until this time; then one probe is sent."),
        _ when hook.Ordered => new HookHold("retry", until, "The hook is ordered: a failed delivery waits for its retry, and later deliveries wait behind it."),
        _ => new HookHold("own_fault", until, "This server could not make an attempt. It tries again shortly."),
    };
}

using Nyala.Client;

namespace Nyala.Cli.Hooks;

/// <summary>The words of <c>--when</c>. Each is a change or a status of a filter.</summary>
internal static class WhenWords
{
    private const string Known = "broke, fixed, still_failing, failed and success";

    private static readonly string[] Starts = ["started", "start", "pending", "building", "deploying"];

    /// <summary>
    /// Returns the filters for the words. Changes and statuses need a filter each, because within a filter an event must match both.
    /// </summary>
    /// <param name="words">The words.</param>
    /// <param name="common">The fields that each filter has.</param>
    /// <exception cref="CommandFailure">A word is unknown, or the common fields already have a status.</exception>
    public static IReadOnlyList<HookFilter> Filters(IReadOnlyList<string> words, HookFilter common)
    {
        (string? Change, string? Status)[] meanings = [.. words.Select(Meaning)];
        string[] changes = [.. meanings.Select(meaning => meaning.Change).OfType<string>()];
        string[] statuses = [.. meanings.Select(meaning => meaning.Status).OfType<string>()];
        if (statuses.Length > 0 && common.Status is not null)
        {
            throw CommandFailure.Usage($"--when {statuses[0]} and --only-status both select a status. Use only one of them.");
        }

        IEnumerable<HookFilter> byChange = changes.Length > 0 ? [common with { Change = changes }] : [];
        return statuses.Length > 0 ? [.. byChange, common with { Status = statuses }] : [.. byChange];
    }

    private static (string? Change, string? Status) Meaning(string word) => word.ToLowerInvariant().Replace('-', '_') switch
    {
        "broke" => ("broke", null),
        "fixed" => ("fixed", null),
        "still_failing" => ("still_failing", null),
        "failed" => (null, "failed"),
        "success" or "succeeded" => (null, "success"),
        { } start when Starts.Contains(start) => throw CommandFailure.Usage(
            $"--when does not take '{word}'. To be notified when a deployment starts, add a hook with --event {EventTypes.DeploymentStarted}."),
        _ => throw CommandFailure.Usage($"--when does not take '{word}'. The words are {Known}."),
    };
}

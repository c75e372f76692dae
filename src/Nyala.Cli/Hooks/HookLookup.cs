using Nyala.Cli.Connection;
using Nyala.Client;

namespace Nyala.Cli.Hooks;

/// <summary>Finds a hook by its ID or part of it, by its callback URL, or as the newest.</summary>
internal static class HookLookup
{
    public const string Description = "The hook's ID, its first or last four or more characters, its URL, or latest.";

    private static readonly IdLookup<Hook> Hooks = new("hook", hook => hook.Id, hook => [hook.Url], hook => $"{hook.Id} ({hook.Event}, {hook.Url})");

    /// <summary>Returns the ID of the matching hook, or the text itself if nothing matches.</summary>
    public static Task<string> IdAsync(NyalaClient client, string text, CancellationToken cancellationToken) => Hooks.IdAsync(
        text,
        text.Contains(':', StringComparison.Ordinal) ? null : id => client.GetHookAsync(id, cancellationToken),
        async () => [.. (await client.ListHooksAsync("all", cancellationToken)).OrderByDescending(hook => hook.Created)]);
}

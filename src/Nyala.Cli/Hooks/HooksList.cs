using System.CommandLine;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks list</c>.</summary>
internal static class HooksList
{
    private static readonly ListView<IReadOnlyList<Hook>, Hook> View =
        new(NyalaJson.Wire.IReadOnlyListHook, HookView.Columns, HookView.Row, "no hooks yet. Add one with \"nyala hooks add URL\".");

    public static Command Create(CommandEnvironment environment)
    {
        var all = new Option<bool>("--all") { Description = "Include hooks that are gone because their receiver wants no more events. Bring one back with \"nyala hooks restore\"." };
        var command = new Command("list", "List hooks.") { all };
        return View.AddTo(command, environment, (parsed, client, cancellationToken) => client.ListHooksAsync(parsed.GetValue(all) ? "all" : null, cancellationToken));
    }
}

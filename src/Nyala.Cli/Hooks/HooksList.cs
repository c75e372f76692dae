using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks list</c>.</summary>
internal static class HooksList
{
    public static Command Create(Surroundings surroundings)
    {
        var all = new Option<bool>("--all") { Description = "Also the hooks that are gone: their receivers asked to be removed. \"nyala hooks restore\" takes one back." };
        var command = new Command("list", "Lists the hooks.") { all };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                IReadOnlyList<Hook> hooks = await client.ListHooksAsync(parsed.GetValue(all) ? "all" : null, cancellationToken);
                if (hooks.Count == 0)
                {
                    await connection.RequireSiteAsync(parsed, surroundings, client, cancellationToken);
                }

                if (json.TryPrint(parsed, surroundings, hooks, NyalaJson.Wire.IReadOnlyListHook))
                {
                    return ExitCode.Done;
                }

                if (hooks.Count == 0)
                {
                    surroundings.Error.WriteLine("nyala: no hooks yet. Subscribe one with \"nyala hooks add URL\".");
                    return ExitCode.Done;
                }

                Tables.Print(surroundings, HookView.Columns, hooks.Select(HookView.Row));
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}

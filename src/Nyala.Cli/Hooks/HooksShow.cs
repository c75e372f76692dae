using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks show</c>.</summary>
internal static class HooksShow
{
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = WhichHook.Description };
        var command = new Command("show", "Shows one hook and how its newest attempt ended.") { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client => HookView.Done(parsed, surroundings, json, await client.GetHookAsync(await WhichHook.IdAsync(client, parsed.GetRequiredValue(id), cancellationToken), cancellationToken)),
            cancellationToken));
        return command;
    }
}

using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks pause</c>, <c>resume</c>, <c>enable</c> and <c>restore</c>: whether a hook is sent its events.</summary>
internal static class HooksState
{
    public static IEnumerable<Command> Create(Surroundings surroundings) =>
    [
        Verb(surroundings, "pause", "Holds a hook's events back; they are kept.", (client, id, cancellationToken) => client.PauseHookAsync(id, cancellationToken)),
        Verb(surroundings, "resume", "Ends a pause: what came meanwhile goes out.", (client, id, cancellationToken) => client.ResumeHookAsync(id, cancellationToken)),
        Verb(surroundings, "enable", "Takes back a hook that was disabled, since nothing but failures came of it.", (client, id, cancellationToken) => client.EnableHookAsync(id, cancellationToken)),
        Verb(surroundings, "restore", "Takes back a hook that is gone, within 30 days.", (client, id, cancellationToken) => client.RestoreHookAsync(id, cancellationToken)),
    ];

    private static Command Verb(
        Surroundings surroundings, string name, string description, Func<NyalaClient, string, CancellationToken, Task<Hook>> ask)
    {
        var id = new Argument<string>("id") { Description = WhichHook.Description };
        var command = new Command(name, description) { id };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                string which = await WhichHook.IdAsync(client, parsed.GetRequiredValue(id), cancellationToken);
                return HookView.Done(parsed, surroundings, json, await ask(client, which, cancellationToken));
            },
            cancellationToken));
        return command;
    }
}

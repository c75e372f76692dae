using System.CommandLine;
using Nyala.Client;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks pause</c>, <c>resume</c>, <c>enable</c> and <c>restore</c>: stop and start the deliveries of a hook.</summary>
internal static class HooksState
{
    public static IEnumerable<Command> Create(CommandEnvironment environment) =>
    [
        Verb(environment, "pause", "Pause a hook. Its events are kept until you resume it.", (client, id, cancellationToken) => client.PauseHookAsync(id, cancellationToken)),
        Verb(environment, "resume", "Resume a paused hook and deliver its backlog.", (client, id, cancellationToken) => client.ResumeHookAsync(id, cancellationToken)),
        Verb(environment, "enable", "Re-enable a hook that was disabled after repeated failures.", (client, id, cancellationToken) => client.EnableHookAsync(id, cancellationToken)),
        Verb(environment, "restore", "Restore a hook that is gone. Possible for 30 days.", (client, id, cancellationToken) => client.RestoreHookAsync(id, cancellationToken)),
    ];

    private static Command Verb(
        CommandEnvironment environment, string name, string description, Func<NyalaClient, string, CancellationToken, Task<Hook>> ask)
    {
        var id = new Argument<string>("id") { Description = HookLookup.Description };
        var command = new Command(name, description) { id };
        return HookView.Detail.AddTo(command, environment, async (parsed, client, cancellationToken) =>
            await ask(client, await HookLookup.IdAsync(client, parsed.GetRequiredValue(id), cancellationToken), cancellationToken));
    }
}

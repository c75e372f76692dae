using System.CommandLine;
using Nyala.Client;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks pause</c>, <c>resume</c>, <c>enable</c> and <c>restore</c>: whether a hook is sent its events.</summary>
internal static class HooksState
{
    public static IEnumerable<Command> Create(Surroundings surroundings) =>
    [
        Verb(surroundings, "pause", "Pause a hook. Its events are kept until you resume it.", (client, id, cancellationToken) => client.PauseHookAsync(id, cancellationToken)),
        Verb(surroundings, "resume", "Resume a paused hook and deliver its backlog.", (client, id, cancellationToken) => client.ResumeHookAsync(id, cancellationToken)),
        Verb(surroundings, "enable", "Re-enable a hook that was disabled after repeated failures.", (client, id, cancellationToken) => client.EnableHookAsync(id, cancellationToken)),
        Verb(surroundings, "restore", "Restore a hook that is gone. Possible for 30 days.", (client, id, cancellationToken) => client.RestoreHookAsync(id, cancellationToken)),
    ];

    private static Command Verb(
        Surroundings surroundings, string name, string description, Func<NyalaClient, string, CancellationToken, Task<Hook>> ask)
    {
        var id = new Argument<string>("id") { Description = WhichHook.Description };
        var command = new Command(name, description) { id };
        return HookView.Detail.AddTo(command, surroundings, async (parsed, client, cancellationToken) =>
            await ask(client, await WhichHook.IdAsync(client, parsed.GetRequiredValue(id), cancellationToken), cancellationToken));
    }
}

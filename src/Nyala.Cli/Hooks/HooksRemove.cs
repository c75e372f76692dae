using System.CommandLine;
using Nyala.Cli.Connection;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks remove</c>: 1 if there is no such hook, although the server takes that for done.</summary>
internal static class HooksRemove
{
    public static Command Create(Surroundings surroundings)
    {
        var which = new Argument<string>("id|url") { Description = WhichHook.Description };
        var command = new Command("remove", "Remove a hook.") { which };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                string hook = parsed.GetRequiredValue(which);

                // An id never holds a colon, an absolute URL always does. The server finds a URL whose password reads show masked, too.
                bool removed = await (hook.Contains(':', StringComparison.Ordinal)
                    ? client.RemoveHookByUrlAsync(hook, cancellationToken)
                    : client.RemoveHookAsync(await WhichHook.IdAsync(client, hook, cancellationToken), cancellationToken));
                if (!removed)
                {
                    await connection.RequireSiteAsync(parsed, surroundings, client, cancellationToken);
                    throw new CommandFailure($"hook '{hook}' does not exist; nothing was removed. To see all hooks, run \"nyala hooks list\".");
                }

                surroundings.Error.WriteLine("nyala: removed.");
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}

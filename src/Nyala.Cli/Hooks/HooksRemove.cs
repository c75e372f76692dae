using System.CommandLine;
using Nyala.Cli.Connection;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks remove</c>: 1 if there is no such hook, although the server takes that for done.</summary>
internal static class HooksRemove
{
    public static Command Create(CommandEnvironment environment)
    {
        var which = new Argument<string>("id|url") { Description = HookLookup.Description };
        var command = new Command("remove", "Remove a hook.") { which };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                string hook = parsed.GetRequiredValue(which);

                // An id never holds a colon, an absolute URL always does. The server finds a URL whose password reads show masked, too.
                bool removed = await (hook.Contains(':', StringComparison.Ordinal)
                    ? client.RemoveHookByUrlAsync(hook, cancellationToken)
                    : client.RemoveHookAsync(await HookLookup.IdAsync(client, hook, cancellationToken), cancellationToken));
                if (!removed)
                {
                    await connection.RequireSiteAsync(parsed, environment, client, cancellationToken);
                    throw new CommandFailure($"hook '{hook}' does not exist; nothing was removed. To see all hooks, run \"nyala hooks list\".");
                }

                environment.Error.WriteLine("nyala: removed.");
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}

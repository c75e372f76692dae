using System.CommandLine;
using Nyala.Cli.Connection;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks remove</c>: exits with 1 if the hook does not exist, although this is not an error for the server.</summary>
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

                // An ID never contains a colon; an absolute URL always does. The server also accepts the URL as it shows it, with a masked password.
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

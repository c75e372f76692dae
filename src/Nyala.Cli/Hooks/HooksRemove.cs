using System.CommandLine;
using System.Net;
using Nyala.Cli.Connection;
using Nyala.Client;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks remove</c>. To remove a hook that is not there is done, not refused: so it is on the wire.</summary>
internal static class HooksRemove
{
    public static Command Create(Surroundings surroundings)
    {
        var which = new Argument<string>("id|url") { Description = "The hook's id, or its callback URL." };
        var command = new Command("remove", "Unsubscribes a hook.") { which };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                string hook = parsed.GetRequiredValue(which);

                // An id never holds a colon, an absolute URL always does.
                if (hook.Contains(':', StringComparison.Ordinal))
                {
                    await client.RemoveHookByUrlAsync(hook, cancellationToken);
                    surroundings.Error.WriteLine("nyala: removed, where it was subscribed.");
                }
                else
                {
                    bool there = await IsThereAsync(client, hook, cancellationToken);
                    await client.RemoveHookAsync(hook, cancellationToken);
                    surroundings.Error.WriteLine(there ? "nyala: removed." : "nyala: no such hook; nothing was removed.");
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    private static async Task<bool> IsThereAsync(NyalaClient client, string id, CancellationToken cancellationToken)
    {
        try
        {
            await client.GetHookAsync(id, cancellationToken);
            return true;
        }
        catch (NyalaException refused) when (refused.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}

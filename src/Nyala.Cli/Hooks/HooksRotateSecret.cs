using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks rotate-secret</c>: another signing secret, shown this once.</summary>
internal static class HooksRotateSecret
{
    public static Command Create(Surroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = WhichHook.Description };
        var overlap = new Option<string?>("--overlap")
        {
            Description = "How long the secret before signs too: 90m, 24h, 7d; 0 ends it at once. Default: 24h.",
            HelpName = "time",
        };
        var command = new Command("rotate-secret", "Replaces a hook's signing secret. Of several that were replaced, the newest alone signs too.") { id, overlap };
        SecretFile secret = SecretFile.AddTo(command);
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) =>
        {
            var rotation = new SecretRotation { Secret = secret.Read(parsed, surroundings), Overlap = parsed.GetValue(overlap) };
            return connection.CallAsync(
                parsed,
                surroundings,
                async client =>
                {
                    string which = await WhichHook.IdAsync(client, parsed.GetRequiredValue(id), cancellationToken);
                    Hook hook = await client.RotateSecretAsync(which, rotation, cancellationToken);
                    int done = HookView.Detail.Done(parsed, surroundings, json, hook);
                    surroundings.Error.WriteLine("nyala: keep the secret now, it is not shown again. " + Before(hook));
                    return done;
                },
                cancellationToken);
        });
        return command;
    }

    private static string Before(Hook hook) => hook.SecretOldUntil is { } until
        ? $"The secret before signs too until {Output.Text.Time(until)}: give the new one to the receiver by then."
        : "The secret before signs no more: the receiver refuses every delivery until it has the new one.";
}

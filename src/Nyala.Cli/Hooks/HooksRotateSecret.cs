using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks rotate-secret</c>: replaces the signing secret and shows the new one, which is shown only once.</summary>
internal static class HooksRotateSecret
{
    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string>("id") { Description = HookLookup.Description };
        var overlap = new Option<string?>("--overlap")
        {
            Description = "How long requests are also signed with the old secret, for example 90m, 24h or 7d. 0 ends this immediately. Default: 24h.",
            HelpName = "time",
        };
        var command = new Command("rotate-secret", "Replace a hook's signing secret. During the overlap, requests are signed with the new secret and the one before it.") { id, overlap };
        SecretFile secret = SecretFile.AddTo(command);
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) =>
        {
            var rotation = new SecretRotation { Secret = secret.Read(parsed, environment), Overlap = parsed.GetValue(overlap) };
            return connection.CallAsync(
                parsed,
                environment,
                async client =>
                {
                    string which = await HookLookup.IdAsync(client, parsed.GetRequiredValue(id), cancellationToken);
                    Hook hook = await client.RotateSecretAsync(which, rotation, cancellationToken);
                    int done = HookView.Detail.Done(parsed, environment, json, hook);
                    environment.Error.WriteLine("nyala: save the secret now, it is not shown again. " + Before(hook));
                    return done;
                },
                cancellationToken);
        });
        return command;
    }

    private static string Before(Hook hook) => hook.SecretOldUntil is { } until
        ? $"Requests are also signed with the old secret until {Display.Time(until)}. Give the new one to the receiver before then."
        : "The old secret is no longer valid: the receiver refuses every delivery until it has the new one.";
}

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
        var id = new Argument<string>("id") { Description = "The hook's id." };
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
                    int done = HookView.Done(parsed, surroundings, json, await client.RotateSecretAsync(parsed.GetRequiredValue(id), rotation, cancellationToken));
                    surroundings.Error.WriteLine("nyala: keep the secret now, it is not shown again. Give it to the receiver while the one before signs too.");
                    return done;
                },
                cancellationToken);
        });
        return command;
    }
}

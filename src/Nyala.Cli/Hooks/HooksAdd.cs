using System.CommandLine;
using System.Text;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks add</c>: subscribes a callback URL and shows its secret, this once.</summary>
internal static class HooksAdd
{
    public static Command Create(Surroundings surroundings)
    {
        var url = new Argument<string>("url") { Description = "The callback: an absolute http or https URL." };
        var type = new Option<string>("--event")
        {
            Description = "The type of event to hear of; * for every one.",
            HelpName = "type",
            DefaultValueFactory = _ => EventTypes.PostDeployment,
        };
        var insecure = new Option<bool>("--insecure-ssl") { Description = "Do not check the receiver's certificate. For tests only." };
        var secretFile = new Option<string?>("--secret-file")
        {
            Description = "A file whose first line is a secret of your own (whsec_ and base64 of 24 to 64 bytes); - reads standard input. Default: the server makes one.",
            HelpName = "file",
        };
        var command = new Command("add", "Subscribes a callback URL.") { url, type, insecure, secretFile };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) =>
        {
            var request = new HookRequest
            {
                Url = parsed.GetRequiredValue(url),
                Event = parsed.GetRequiredValue(type),
                InsecureSsl = parsed.GetValue(insecure) ? true : null,
                Secret = parsed.GetValue(secretFile) is { } file ? SecretIn(file, surroundings) : null,
            };
            return connection.CallAsync(
                parsed,
                surroundings,
                async client =>
                {
                    Hook hook = await client.AddHookAsync(request, cancellationToken);
                    if (!json.TryPrint(parsed, surroundings, hook, NyalaJson.Wire.Hook))
                    {
                        HookView.Print(surroundings, hook);
                        surroundings.Error.WriteLine(hook.Secret is null
                            ? "nyala: the hook was there already; its secret was shown when it was made."
                            : "nyala: keep the secret now, it is not shown again. Receivers verify the signature with it.");
                    }

                    return ExitCode.Done;
                },
                cancellationToken);
        });
        return command;
    }

    private static string SecretIn(string file, Surroundings surroundings)
    {
        using Stream stream = file == "-"
            ? surroundings.OpenInput() ?? throw CommandFailure.Usage("--secret-file - reads standard input: pipe the secret in.")
            : File.OpenRead(file);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        string? secret = reader.ReadLine()?.Trim();

        // Checked here, so that the secret's text is not sent about for the server to refuse.
        return WebhookSecret.TryDecode(secret, out _)
            ? secret!
            : throw new CommandFailure("the secret must be whsec_ and base64 of 24 to 64 bytes, alone on the first line.");
    }
}

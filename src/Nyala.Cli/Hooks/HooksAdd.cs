using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks add</c>: subscribes a callback URL and shows its secret, which is shown only once.</summary>
internal static class HooksAdd
{
    public static Command Create(CommandEnvironment environment)
    {
        var url = new Argument<string>("url") { Description = "The URL to call: an absolute http or https URL." };
        var type = new Option<string>("--event")
        {
            Description = "The event type, or * for all events.",
            HelpName = "type",
            DefaultValueFactory = _ => EventTypes.PostDeployment,
        };
        var command = new Command("add", "Add a hook that sends events to a URL.") { url, type };
        HookSettingOptions settings = HookSettingOptions.AddTo(command);
        SecretFile secret = SecretFile.AddTo(command);
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) =>
        {
            HookRequest request = settings.Apply(
                parsed, environment, new HookRequest { Url = parsed.GetRequiredValue(url), Event = parsed.GetRequiredValue(type), Secret = secret.Read(parsed, environment) });
            return connection.CallAsync(
                parsed,
                environment,
                async client =>
                {
                    // The response looks the same for a URL that is already subscribed as for a new one.
                    IReadOnlyList<Hook> before = json.IsGiven(parsed) ? [] : await client.ListHooksAsync("all", cancellationToken);
                    bool siteIsNew = !json.IsGiven(parsed) && await connection.IsNewSiteAsync(parsed, client, cancellationToken);
                    Hook hook = await client.AddHookAsync(request, cancellationToken);
                    if (!json.TryPrint(parsed, environment, hook, NyalaJson.Wire.Hook))
                    {
                        HookView.Print(environment, hook);
                        environment.Error.WriteLine(before.Any(known => known.Id == hook.Id)
                            ? "nyala: this hook already exists. Its settings were updated."
                            : "nyala: save the secret now, it is not shown again. Receivers use it to verify the signature.");
                    }

                    if (siteIsNew && !await connection.IsNewSiteAsync(parsed, client, cancellationToken))
                    {
                        environment.Error.WriteLine(TerminalText.OneLine($"nyala: {NewSiteNotice.Text(connection.Site(parsed)!)}"));
                    }

                    return ExitCode.Done;
                },
                cancellationToken);
        });
        return command;
    }
}

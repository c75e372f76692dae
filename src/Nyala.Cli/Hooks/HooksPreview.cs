using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks preview</c>: prints the request that a hook would send, and sends nothing.</summary>
internal static class HooksPreview
{
    public static Command Create(CommandEnvironment environment)
    {
        var url = new Argument<string>("url") { Description = "The URL, as for \"nyala hooks add\"." };
        var type = new Option<string>("--event") { Description = "The event type, or * for all events.", HelpName = "type", DefaultValueFactory = _ => EventTypes.PostDeployment };
        var id = new Option<string?>("--event-id") { Description = "Show this past event. Default: the newest that the hook would have received.", HelpName = "id" };
        var sample = new Option<string?>("--sample") { Description = "Show a sample: success, failed, broke, fixed, still_failing or started.", HelpName = "name" };
        var command = new Command("preview", "Print the request that a hook would send. Sends and stores nothing.") { url, type, id, sample };
        HookSettingOptions settings = HookSettingOptions.AddTo(command);
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(id) is not null && parsed.GetValue(sample) is not null)
            {
                throw CommandFailure.Usage("use either --event-id or --sample, not both.");
            }

            HookRequest request = settings.Apply(parsed, environment, new HookRequest { Url = parsed.GetRequiredValue(url), Event = parsed.GetRequiredValue(type) });
            return connection.CallAsync(
                parsed,
                environment,
                async client =>
                {
                    HookPreview preview = await client.PreviewHookAsync(request, parsed.GetValue(id), parsed.GetValue(sample), cancellationToken);
                    if (!json.TryPrint(parsed, environment, preview, NyalaJson.Wire.HookPreview))
                    {
                        Print(environment, preview);
                    }

                    return ExitCode.Done;
                },
                cancellationToken);
        });
        return command;
    }

    private static void Print(CommandEnvironment environment, HookPreview preview)
    {
        environment.Out.WriteLine(TerminalText.OneLine($"{preview.Method} {preview.Url}"));
        foreach (HeaderField header in preview.Headers)
        {
            environment.Out.WriteLine(TerminalText.OneLine($"{header.Name}: {header.Value}"));
        }

        environment.Out.WriteLine();
        environment.Out.WriteLine(TerminalText.Lines(preview.Body));
        environment.Error.WriteLine(preview.Event is { } shown ? $"nyala: this shows event {shown}. Nothing was sent." : "nyala: this shows a sample. Nothing was sent.");
    }
}

using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client.Json;

namespace Nyala.Cli.Sites.Settings;

/// <summary><c>nyala sites settings get</c>: prints only the value to standard output.</summary>
internal static class SettingsGet
{
    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("get", "Print the value of a setting.");
        SiteArgument site = SiteArgument.AddTo(command);
        var name = new Argument<string>("name") { Description = "The name of the setting, not case-sensitive." };
        command.Add(name);
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                string setting = SettingArguments.ReadName(parsed.GetRequiredValue(name));
                string value = await client.ForSite(await site.FindAsync(parsed, client, cancellationToken)).GetSettingAsync(setting, cancellationToken);
                if (!json.TryPrint(parsed, environment, value, NyalaJson.Wire.String))
                {
                    // Control characters are removed only for a terminal. A program gets every character of the value.
                    TextWriter to = environment.OutIsTerminal ? environment.Out : SafeWriter.Unwrap(environment.Out);
                    to.WriteLine(value);
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}

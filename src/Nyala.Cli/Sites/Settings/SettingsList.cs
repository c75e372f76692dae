using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client.Json;

namespace Nyala.Cli.Sites.Settings;

/// <summary><c>nyala sites settings list</c>.</summary>
internal static class SettingsList
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("list", "Lists the settings of a site, values and all. deployment_branch, SCM_BRANCH and COMMAND are its branch and command.");
        SiteArgument site = SiteArgument.AddTo(command);
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                IReadOnlyDictionary<string, string> settings = await client.ForSite(await site.FindAsync(parsed, client, cancellationToken)).GetSettingsAsync(cancellationToken);
                if (!json.TryPrint(parsed, surroundings, settings, NyalaJson.Wire.IReadOnlyDictionaryStringString))
                {
                    Tables.Print(surroundings, ["NAME", "VALUE"], settings.Select(setting => (IReadOnlyList<string?>)[setting.Key, setting.Value]));
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}

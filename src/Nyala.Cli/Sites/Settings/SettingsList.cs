using System.CommandLine;
using Nyala.Cli.Output;
using Nyala.Client.Json;

namespace Nyala.Cli.Sites.Settings;

/// <summary><c>nyala sites settings list</c>.</summary>
internal static class SettingsList
{
    private static readonly ListView<IReadOnlyDictionary<string, string>, KeyValuePair<string, string>> View =
        new(NyalaJson.Wire.IReadOnlyDictionaryStringString, ["NAME", "VALUE"], setting => [setting.Key, setting.Value], "no settings.");

    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("list", "List a site's settings with their values. deployment_branch and SCM_BRANCH are its branch, COMMAND is its command.");
        SiteArgument site = SiteArgument.AddTo(command);
        return View.AddTo(
            command,
            environment,
            async (parsed, client, cancellationToken) => await client.ForSite(await site.FindAsync(parsed, client, cancellationToken)).GetSettingsAsync(cancellationToken),
            withSite: false);
    }
}

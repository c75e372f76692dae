using System.CommandLine;
using Nyala.Cli.Sites.Settings;

namespace Nyala.Cli.Sites;

/// <summary><c>nyala sites</c>: manages sites and their settings.</summary>
internal static class SitesCommand
{
    public static Command Create(CommandEnvironment environment) =>
        new("sites", "Create, list, configure and remove sites.")
        {
            SitesCreate.Create(environment),
            SitesList.Create(environment),
            SitesShow.Create(environment),
            SitesSet.Create(environment),
            SitesRemove.Create(environment),
            SettingsCommand.Create(environment),
        };
}

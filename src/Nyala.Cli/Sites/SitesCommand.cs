using System.CommandLine;
using Nyala.Cli.Sites.Settings;

namespace Nyala.Cli.Sites;

/// <summary><c>nyala sites</c>: what deployments belong to, and what they are deployed with.</summary>
internal static class SitesCommand
{
    public static Command Create(Surroundings surroundings) =>
        new("sites", "Create, list, configure and remove sites.")
        {
            SitesCreate.Create(surroundings),
            SitesList.Create(surroundings),
            SitesShow.Create(surroundings),
            SitesSet.Create(surroundings),
            SitesRemove.Create(surroundings),
            SettingsCommand.Create(surroundings),
        };
}

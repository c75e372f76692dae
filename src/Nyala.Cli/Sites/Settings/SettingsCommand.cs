using System.CommandLine;

namespace Nyala.Cli.Sites.Settings;

/// <summary><c>nyala sites settings</c>: manages the environment variables of a site's deploy command.</summary>
internal static class SettingsCommand
{
    public static Command Create(CommandEnvironment environment) =>
        new("settings", "Manage a site's settings: the environment variables of its deploy command.")
        {
            SettingsList.Create(environment),
            SettingsGet.Create(environment),
            SettingsSet.Create(environment),
            SettingsUnset.Create(environment),
        };
}

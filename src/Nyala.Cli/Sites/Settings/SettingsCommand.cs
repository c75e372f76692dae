using System.CommandLine;

namespace Nyala.Cli.Sites.Settings;

/// <summary><c>nyala sites settings</c>: what a site's deploy command finds in its environment.</summary>
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

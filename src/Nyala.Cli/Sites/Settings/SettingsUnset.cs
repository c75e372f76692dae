using System.CommandLine;
using System.Net;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Sites.Settings;

/// <summary><c>nyala sites settings unset</c>: exits with 1 if one of the settings was not set, although this is not an error for the server.</summary>
internal static class SettingsUnset
{
    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("unset", "Remove settings of a site. Takes effect with its next deployment.");
        SiteArgument site = SiteArgument.AddTo(command);
        var names = new Argument<string[]>("name") { Description = "The names of the settings, not case-sensitive.", Arity = ArgumentArity.OneOrMore };
        command.Add(names);
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        command.SetVerbAction(environment, (parsed, cancellationToken) =>
        {
            string[] unset = [.. parsed.GetRequiredValue(names).Select(SettingArguments.ReadName)];
            return connection.CallAsync(
                parsed,
                environment,
                async client =>
                {
                    string where = await site.FindAsync(parsed, client, cancellationToken);
                    NyalaClient here = client.ForSite(where);
                    var there = new List<string>();
                    foreach (string name in unset)
                    {
                        if (await IsSetAsync(here, name, cancellationToken))
                        {
                            await here.RemoveSettingAsync(name, cancellationToken);
                            there.Add(name);
                        }
                    }

                    if (there.Count > 0)
                    {
                        environment.Error.WriteLine(TerminalText.OneLine($"nyala: unset {string.Join(", ", there)}."));
                    }

                    if (there.Count == 0)
                    {
                        // The server also responds with 404 if the site does not exist.
                        await client.GetSiteAsync(where, cancellationToken);
                    }

                    return there.Count == unset.Length ? ExitCode.Done
                        : throw new CommandFailure($"these settings do not exist: {string.Join(", ", unset.Except(there))}. To see all settings, run \"nyala sites settings list {where}\".");
                },
                cancellationToken);
        });
        return command;
    }

    private static async Task<bool> IsSetAsync(NyalaClient client, string name, CancellationToken cancellationToken)
    {
        try
        {
            await client.GetSettingAsync(name, cancellationToken);
            return true;
        }
        catch (NyalaException refused) when (refused.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}

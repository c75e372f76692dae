using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Sites;

/// <summary><c>nyala sites set</c>: changes the settings of a site. Settings that are not given stay as they are.</summary>
internal static class SitesSet
{
    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("set", "Change a site's settings. They apply from its next deployment. Its name cannot change.");
        SiteArgument name = SiteArgument.AddTo(command);
        SiteOptions options = SiteOptions.AddTo(command, withDefaults: false);
        var noCommand = new Option<bool>("--no-command") { Description = "Remove the command. The source's .deployment file applies, if there is one." };
        var noHost = new Option<bool>("--no-host") { Description = "Remove the host name. The server chooses the host name in events." };
        command.Add(noCommand);
        command.Add(noHost);
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) =>
        {
            SiteChange chosen = options.Read(parsed);
            Refuse(parsed, noCommand, chosen.Command);
            Refuse(parsed, noHost, chosen.Host);
            string[] reset = [.. parsed.GetValue(noCommand) ? ["command"] : Array.Empty<string>(), .. parsed.GetValue(noHost) ? ["host"] : Array.Empty<string>()];
            SiteChange change = chosen with { Reset = reset };
            if (reset.Length == 0 && change == new SiteChange { Reset = reset })
            {
                throw CommandFailure.Usage("nothing to change. See \"nyala sites set --help\" for the settings.");
            }

            return connection.CallAsync(
                parsed,
                environment,
                async client =>
                {
                    string site = await name.FindAsync(parsed, client, cancellationToken);
                    return SiteView.Detail.Done(parsed, environment, json, await client.ChangeSiteAsync(site, change, cancellationToken));
                },
                cancellationToken);
        });
        return command;
    }

    private static void Refuse(ParseResult parsed, Option<bool> reset, string? given)
    {
        if (parsed.GetValue(reset) && given is not null)
        {
            throw CommandFailure.Usage($"{reset.Name} removes what another option sets. Use only one of them.");
        }
    }
}

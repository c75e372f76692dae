using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Sites;

/// <summary><c>nyala sites set</c>: changes what a site is deployed with; what is not named stays.</summary>
internal static class SitesSet
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("set", "Changes what a site is deployed with, from its next deployment on. Its name never changes.");
        SiteArgument name = SiteArgument.AddTo(command);
        SiteOptions options = SiteOptions.AddTo(command);
        var noCommand = new Option<bool>("--no-command") { Description = "Takes the command away: what the source's .deployment file says holds, else none." };
        var noHost = new Option<bool>("--no-host") { Description = "Takes the host name away: events carry the server's choice." };
        command.Add(noCommand);
        command.Add(noHost);
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) =>
        {
            SiteChange chosen = options.Read(parsed);
            Refuse(parsed, noCommand, chosen.Command);
            Refuse(parsed, noHost, chosen.Host);
            string[] reset = [.. parsed.GetValue(noCommand) ? ["command"] : Array.Empty<string>(), .. parsed.GetValue(noHost) ? ["host"] : Array.Empty<string>()];
            SiteChange change = chosen with { Reset = reset };
            if (reset.Length == 0 && change == new SiteChange { Reset = reset })
            {
                throw CommandFailure.Usage("say what to change: \"nyala sites set --help\" lists it.");
            }

            return connection.CallAsync(
                parsed,
                surroundings,
                async client =>
                {
                    string site = await name.FindAsync(parsed, client, cancellationToken);
                    return SiteView.Detail.Done(parsed, surroundings, json, await client.ChangeSiteAsync(site, change, cancellationToken));
                },
                cancellationToken);
        });
        return command;
    }

    private static void Refuse(ParseResult parsed, Option<bool> reset, string? given)
    {
        if (parsed.GetValue(reset) && given is not null)
        {
            throw CommandFailure.Usage($"{reset.Name} takes away what another option gives: say one of the two.");
        }
    }
}

using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Sites;

/// <summary><c>nyala sites list</c>.</summary>
internal static class SitesList
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("list", "Lists the sites: those that were created, and those that a hook or a report has named.");
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client =>
            {
                IReadOnlyList<Site> sites = await client.ListSitesAsync(cancellationToken);
                if (!json.TryPrint(parsed, surroundings, sites, NyalaJson.Wire.IReadOnlyListSite))
                {
                    Tables.Print(surroundings, SiteView.Columns, sites.Select(SiteView.Row));
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}

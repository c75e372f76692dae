using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;

namespace Nyala.Cli.Sites;

/// <summary><c>nyala sites show</c>.</summary>
internal static class SitesShow
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("show", "Shows a site, and what it runs.");
        SiteArgument name = SiteArgument.AddTo(command);
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerb(surroundings, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            surroundings,
            async client => SiteView.Done(parsed, surroundings, json, await client.GetSiteAsync(await name.FindAsync(parsed, client, cancellationToken), cancellationToken)),
            cancellationToken));
        return command;
    }
}

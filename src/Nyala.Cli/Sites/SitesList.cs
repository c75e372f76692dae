using System.CommandLine;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Sites;

/// <summary><c>nyala sites list</c>.</summary>
internal static class SitesList
{
    private static readonly ListView<IReadOnlyList<Site>, Site> View =
        new(NyalaJson.Wire.IReadOnlyListSite, SiteView.Columns, SiteView.Row, "no sites yet. Create one with \"nyala sites create NAME\".");

    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("list", "List sites: those that were created, and those that a hook or a report named.");
        return View.AddTo(command, environment, (_, client, cancellationToken) => client.ListSitesAsync(cancellationToken), withSite: false);
    }
}

using System.CommandLine;

namespace Nyala.Cli.Sites;

/// <summary><c>nyala sites show</c>.</summary>
internal static class SitesShow
{
    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("show", "Show a site and its current release.");
        SiteArgument name = SiteArgument.AddTo(command);
        return SiteView.Detail.AddTo(
            command,
            environment,
            async (parsed, client, cancellationToken) => await client.GetSiteAsync(await name.FindAsync(parsed, client, cancellationToken), cancellationToken),
            withSite: false);
    }
}

using Nyala.Cli.Connection;
using Nyala.Client;

namespace Nyala.Cli.Sites;

/// <summary>Finds a site by its name or part of it, or as the newest.</summary>
internal static class SiteLookup
{
    private static readonly IdLookup<Site> Sites = new("site", site => site.Name, _ => [], site => site.Name);

    /// <summary>Returns the name of the matching site, or the text itself if nothing matches.</summary>
    public static Task<string> NameAsync(NyalaClient client, string text, CancellationToken cancellationToken) => Sites.IdAsync(
        text,
        name => client.GetSiteAsync(name, cancellationToken),
        async () => [.. (await client.ListSitesAsync(cancellationToken)).OrderByDescending(site => site.Created)]);
}

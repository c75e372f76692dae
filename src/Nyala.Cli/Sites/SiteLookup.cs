using Nyala.Cli.Connection;
using Nyala.Client;

namespace Nyala.Cli.Sites;

/// <summary>Which site is meant: by its name or a part of it, or the newest.</summary>
internal static class SiteLookup
{
    private static readonly IdLookup<Site> Sites = new("site", site => site.Name, _ => [], site => site.Name);

    /// <summary>Finds its name; a text that fits none is given back as it is.</summary>
    public static Task<string> NameAsync(NyalaClient client, string text, CancellationToken cancellationToken) => Sites.IdAsync(
        text,
        name => client.GetSiteAsync(name, cancellationToken),
        async () => [.. (await client.ListSitesAsync(cancellationToken)).OrderByDescending(site => site.Created)]);
}

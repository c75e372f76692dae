using System.Runtime.CompilerServices;
using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>Reads sites.</summary>
internal sealed class SiteReads(IStore store)
{
    private const int ListPage = 500;

    /// <summary>Lists the sites whose names come after <paramref name="after"/>, by name; at most <paramref name="limit"/>.</summary>
    public Task<IReadOnlyList<SiteFacts>> ListAsync(string after, int limit, CancellationToken cancellationToken) => store.SearchAsync<IReadOnlyList<SiteFacts>>(
        tables => [.. tables.Sites.List(after, limit).Select(site => SiteFacts.Of(tables, site))], cancellationToken);

    /// <summary>Lists every site whose name comes after <paramref name="after"/>, by name. Reads page by page.</summary>
    public async IAsyncEnumerable<SiteFacts> AllAsync(string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<SiteFacts> page;
        do
        {
            page = await ListAsync(after, ListPage, cancellationToken);
            foreach (SiteFacts site in page)
            {
                yield return site;
                after = site.Site.Name;
            }
        }
        while (page.Count == ListPage);
    }

    public Task<SiteFacts?> FindAsync(string name, CancellationToken cancellationToken) => store.ReadAsync(
        tables => tables.Sites.Find(name) is { } site ? SiteFacts.Of(tables, site) : null, cancellationToken);
}

using Nyala.Server.Hosting;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>Finds the site that a deployment is for. One that nobody made or named is none: a slip deploys nothing.</summary>
internal sealed class SiteFinder(IStore store, NyalaOptions options, TimeProvider clock)
{
    /// <summary>The site; null where there is none. The default site is always there; its first deployment writes it down.</summary>
    /// <param name="site">The name in the path; null at the root, which is the default site's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<SiteRecord?> FindAsync(string? site, CancellationToken cancellationToken)
    {
        string name = site ?? options.Sites.Default;
        return await store.ReadAsync(tables => tables.Sites.Find(name), cancellationToken)
            ?? (name.Equals(options.Sites.Default, StringComparison.OrdinalIgnoreCase) ? SiteRecord.New(options.Sites.Default, clock.GetUtcNow()) : null);
    }

    /// <summary>What a caller is told whose site is not there.</summary>
    public static string Missing(string? site) => $"There is no site '{site}'. Make it with `nyala sites create {site}`.";
}

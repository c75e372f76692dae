using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>A site and its active deployment.</summary>
/// <param name="Site">The site.</param>
/// <param name="Current">The id of the active deployment; null if there is none.</param>
internal sealed record SiteFacts(SiteRecord Site, string? Current)
{
    public static SiteFacts Of(ITables tables, SiteRecord site) => new(site, tables.Runs.Active(site.Name)?.Deployment);
}

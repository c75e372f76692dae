using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Nyala.Server.Sites;

internal static class SitesSetup
{
    /// <summary>Adds the sites. Who performs deployments brings an <see cref="ISiteFiles"/> of its own.</summary>
    public static IServiceCollection AddSites(this IServiceCollection services)
    {
        services.TryAddSingleton<ISiteFiles, PlainSiteFiles>();
        return services
            .AddSingleton<SiteBook>()
            .AddSingleton<SiteSettings>()
            .AddHostedService<DefaultSite>();
    }
}

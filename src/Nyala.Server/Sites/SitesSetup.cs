namespace Nyala.Server.Sites;

internal static class SitesSetup
{
    /// <summary>Adds the sites. Deploying registers the implementation of <see cref="ISiteFiles"/>.</summary>
    public static IServiceCollection AddSites(this IServiceCollection services) => services
        .AddSingleton<SiteReads>()
        .AddSingleton<SiteRegistry>()
        .AddSingleton<SiteSettings>()
        .AddSingleton<SiteMasks>()
        .AddHostedService<DefaultSite>();
}

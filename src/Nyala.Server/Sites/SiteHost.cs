using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>The host name that a site's events carry.</summary>
internal static class SiteHost
{
    /// <summary>Returns the site's own host name, or the one that <c>Sites:HostName</c>, <c>PublicUrl</c> or the machine gives.</summary>
    public static string Of(ISiteTable sites, string site, NyalaOptions options)
    {
        if (sites.Find(site)?.Host is { } host)
        {
            return host;
        }

        return options.Sites.HostName is { Length: > 0 } pattern ? pattern.Replace("{site}", site, StringComparison.Ordinal)
            : options.PublicUrl.Length > 0 ? new Uri(options.PublicUrl).Host
            : Environment.MachineName;
    }
}

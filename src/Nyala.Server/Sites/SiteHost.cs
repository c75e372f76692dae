using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>The host name in a site's events.</summary>
internal static class SiteHost
{
    /// <summary>Returns the host name that is set for the site, or else the one from <c>Sites:HostName</c>, from <c>PublicUrl</c>, or of the machine.</summary>
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

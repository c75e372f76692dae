using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>The host name and the URL in a site's events.</summary>
internal static class SiteHost
{
    /// <summary>Returns the public base URL of the site's API, without a trailing slash; null if the server does not know its public URL.</summary>
    public static string? ApiUrl(string site, NyalaOptions options) => options.PublicUrl.Length > 0 ? $"{options.PublicUrl.TrimEnd('/')}/sites/{site}/api" : null;

    /// <summary>Returns the name of the server: the host of its public URL, or else the name of its machine.</summary>
    public static string OfServer(NyalaOptions options) => options.PublicUrl.Length > 0 ? new Uri(options.PublicUrl).Host : Environment.MachineName;

    /// <summary>Returns the host name that is set for the site, or else the one from <c>Sites:HostName</c>, from <c>PublicUrl</c>, or of the machine.</summary>
    public static string Of(ISiteTable sites, string site, NyalaOptions options)
    {
        if (sites.Find(site)?.Host is { } host)
        {
            return host;
        }

        return options.Sites.HostName is { Length: > 0 } pattern ? pattern.Replace("{site}", site, StringComparison.Ordinal)
            : OfServer(options);
    }
}

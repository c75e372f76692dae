using Nyala.Server.Sites;

namespace Nyala.Server.Http;

/// <summary>Where a request is made: at one site, or at the server's root.</summary>
/// <param name="Site">The site in the path; null at the root.</param>
/// <param name="BaseUrl">The absolute URL of the API as the caller reaches it, without a slash at its end.</param>
internal readonly record struct SiteScope(string? Site, string BaseUrl)
{
    /// <summary>The name of the route value that holds the site.</summary>
    public const string RouteValue = "site";

    /// <summary>Every base under which the API is served; Kudu's clients use all of them. The description lists the first, and explains the others once.</summary>
    public static readonly IReadOnlyList<string> Bases = ["/api", $"/sites/{{{RouteValue}}}/api", "", $"/sites/{{{RouteValue}}}"];

    /// <summary>The absolute URL of the server's root as the caller reaches it, without a slash at its end.</summary>
    public static string Root(HttpContext http, string? publicUrl) =>
        string.IsNullOrEmpty(publicUrl) ? $"{http.Request.Scheme}://{http.Request.Host}" : publicUrl.TrimEnd('/');

    /// <summary>Reads the scope. False if the path names a site that cannot be; <paramref name="refusal"/> says why.</summary>
    public static bool TryRead(HttpContext http, string? publicUrl, out SiteScope scope, out string refusal)
    {
        string? site = http.GetRouteValue(RouteValue) as string;
        scope = default;
        refusal = "";
        if (site is not null && !SiteName.IsValid(site))
        {
            refusal = $"The path names a site that cannot be: a site's name is {SiteName.Rule}.";
            return false;
        }

        string root = Root(http, publicUrl);
        scope = new SiteScope(site, site is null ? $"{root}/api" : $"{root}/sites/{site}/api");
        return true;
    }
}

using System.Diagnostics.CodeAnalysis;
using Nyala.Server.Sites;

namespace Nyala.Server.Http;

/// <summary>The site that a request is for: the one in its path, or none at the server's root.</summary>
internal sealed class RequestSite
{
    private readonly HttpContext _http;
    private readonly string? _publicUrl;

    private RequestSite(HttpContext http, string? publicUrl, string? site) => (_http, _publicUrl, Site) = (http, publicUrl, site);

    /// <summary>The name of the route value that contains the site.</summary>
    public const string RouteValue = "site";

    /// <summary>Every base path of the API. Kudu's clients use all of them. The API description lists the first, and explains the others once.</summary>
    public static readonly IReadOnlyList<string> Bases = ["/api", $"/sites/{{{RouteValue}}}/api", "", $"/sites/{{{RouteValue}}}"];

    /// <summary>The site in the path; null at the root.</summary>
    public string? Site { get; }

    /// <summary>The absolute URL of the API as the caller reaches it, without a trailing slash.</summary>
    public string BaseUrl => Root(_http, _publicUrl) + (Site is null ? "/api" : $"/sites/{Site}/api");

    /// <summary>Returns the absolute URL of the server's root as the caller reaches it, without a trailing slash.</summary>
    public static string Root(HttpContext http, string? publicUrl) =>
        string.IsNullOrEmpty(publicUrl) ? $"{http.Request.Scheme}://{http.Request.Host}" : publicUrl.TrimEnd('/');

    /// <summary>Reads the site. Returns false if the site name in the path is not valid; <paramref name="refusal"/> says why.</summary>
    public static bool TryRead(HttpContext http, string? publicUrl, [NotNullWhen(true)] out RequestSite? requestSite, out string refusal)
    {
        string? site = http.GetRouteValue(RouteValue) as string;
        requestSite = null;
        refusal = "";
        if (site is not null && !SiteName.IsValid(site))
        {
            refusal = $"The site name in the path is not valid. A site name must be {SiteName.Rule}.";
            return false;
        }

        requestSite = new RequestSite(http, publicUrl, site);
        return true;
    }
}

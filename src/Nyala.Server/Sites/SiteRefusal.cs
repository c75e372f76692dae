using Microsoft.AspNetCore.Http.HttpResults;
using Nyala.Server.Http;

namespace Nyala.Server.Sites;

/// <summary>The response if a site does not exist.</summary>
internal static class SiteRefusal
{
    public static string NotFound(string site) => $"The site '{site}' does not exist. To create it, run `nyala sites create {site}`.";

    /// <summary>Returns 404.</summary>
    public static ProblemHttpResult NoSuchSite(string site) => Refusal.NotFound("Site not found", NotFound(site));
}

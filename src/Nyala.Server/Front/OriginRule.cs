namespace Nyala.Server.Front;

/// <summary>
/// Decides which web pages may make changes: only the server's own pages. Programs send neither header; browsers always send one of them if a page of another
/// web site makes the request.
/// </summary>
internal static class OriginRule
{
    /// <summary>Whether a request is refused.</summary>
    /// <param name="method">The method of the request.</param>
    /// <param name="origin">The header <c>Origin</c>; null if it is absent.</param>
    /// <param name="fetchSite">The header <c>Sec-Fetch-Site</c>; null if it is absent.</param>
    /// <param name="own">The server's own origins.</param>
    public static bool Refuses(string method, string? origin, string? fetchSite, IEnumerable<string> own)
    {
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method))
        {
            return false;
        }

        if (origin is not null)
        {
            string given = Canonical(origin);
            return !own.Any(one => Canonical(one) == given);
        }

        return fetchSite is not null and not ("same-origin" or "none");
    }

    /// <summary>
    /// Returns an origin in canonical form. A text that is not an origin, such as <c>null</c>, is returned unchanged, and equals none of the server's origins.
    /// </summary>
    private static string Canonical(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) ? uri.GetLeftPart(UriPartial.Authority).ToLowerInvariant() : origin;
}

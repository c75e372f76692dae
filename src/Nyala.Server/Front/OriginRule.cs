namespace Nyala.Server.Front;

/// <summary>
/// Which web pages may change something: our own alone. Programs send neither header, browsers always one of them where another
/// site's page makes the request.
/// </summary>
internal static class OriginRule
{
    /// <summary>Whether a request is refused.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="origin">Its <c>Origin</c>; null if it has none.</param>
    /// <param name="fetchSite">Its <c>Sec-Fetch-Site</c>; null if it has none.</param>
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

    /// <summary>An origin in one spelling. What is none, such as <c>null</c>, stays as it is and equals no own one.</summary>
    private static string Canonical(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) ? uri.GetLeftPart(UriPartial.Authority).ToLowerInvariant() : origin;
}

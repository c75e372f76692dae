namespace Nyala.Server.Hooks;

/// <summary>
/// Finds the hook that a caller names only by its callback URL, as Logic Apps does. Pure: the functions that search the hooks are parameters.
/// </summary>
internal static class HookQuery
{
    /// <summary>The maximum number of URLs that are compared for each prefix.</summary>
    public const int MaxAlike = 100;

    private const string Scheme = "http";
    private const string Signature = "sig=";

    /// <summary>The maximum number of fields in a query that is searched by prefixes. A URL with more fields is found only as a whole.</summary>
    private const int MaxFields = 64;

    /// <summary>
    /// Returns the hook that has exactly the given URL; else the hook with the longest URL that the given URL ends with; else a hook whose URL differs
    /// only in the <c>sig</c> of the query, which a workflow renews at each change. Returns null if there is no such hook.
    /// </summary>
    /// <param name="given">The URL.</param>
    /// <param name="whole">Finds the hook that has a URL, ignoring case.</param>
    /// <param name="alike">Finds the hooks whose URLs start with a prefix, ignoring case.</param>
    public static long? Find(string given, Func<string, long?> whole, Func<string, IReadOnlyList<(long Id, string Url)>> alike)
    {
        foreach (string ending in Endings(given))
        {
            if (whole(ending) is { } id)
            {
                return id;
            }
        }

        string unsigned = WithoutSignature(given);
        if (unsigned.Length != given.Length && whole(unsigned) is { } plain)
        {
            return plain;
        }

        return Beginnings(unsigned)
            .SelectMany(alike)
            .Where(hook => WithoutSignature(hook.Url).Equals(unsigned, StringComparison.OrdinalIgnoreCase))
            .Select(hook => (long?)hook.Id)
            .FirstOrDefault();
    }

    /// <summary>Returns the URL itself, then each of its endings that may be a URL too, longest first.</summary>
    private static IEnumerable<string> Endings(string given)
    {
        yield return given;
        for (int at = 1; at < given.Length && (at = given.IndexOf(Scheme, at, StringComparison.OrdinalIgnoreCase)) > 0; at++)
        {
            yield return given[at..];
        }
    }

    /// <summary>
    /// Returns the possible prefixes of a URL that has these fields and a signature somewhere among them. Each prefix ends before the signature's value.
    /// </summary>
    private static IEnumerable<string> Beginnings(string unsigned)
    {
        int query = unsigned.IndexOf('?', StringComparison.Ordinal);
        string[] fields = query < 0 ? [] : unsigned[(query + 1)..].Split('&');
        if (query < 0 || fields.Length > MaxFields)
        {
            yield break;
        }

        string beginning = unsigned[..(query + 1)];
        yield return beginning + Signature;
        foreach (string field in fields)
        {
            beginning += field + '&';
            yield return beginning + Signature;
        }
    }

    private static string WithoutSignature(string url)
    {
        int query = url.IndexOf('?', StringComparison.Ordinal);
        if (query < 0)
        {
            return url;
        }

        IEnumerable<string> kept = url[(query + 1)..].Split('&').Where(field => !field.StartsWith(Signature, StringComparison.OrdinalIgnoreCase));
        return url[..query] + "?" + string.Join('&', kept);
    }
}

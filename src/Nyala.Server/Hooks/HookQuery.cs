namespace Nyala.Server.Hooks;

/// <summary>Finds the hook that a caller names by its callback URL alone, as Logic Apps does. Pure; it looks a hook up only by a url or by how one begins.</summary>
internal static class HookQuery
{
    /// <summary>How many urls that begin alike are looked at.</summary>
    public const int MaxAlike = 100;

    private const string Scheme = "http";
    private const string Signature = "sig=";

    /// <summary>A query with more fields is not taken apart: it is found whole or not at all.</summary>
    private const int MaxFields = 64;

    /// <summary>
    /// The hook that has exactly the given url, else the one with the longest url that the given one ends with, else one that differs only by the
    /// <c>sig</c> in the query, which a workflow renews at each change. Null if there is none.
    /// </summary>
    /// <param name="given">The url.</param>
    /// <param name="whole">Finds the hook that has a url, without regard to case.</param>
    /// <param name="alike">Finds the hooks whose urls begin so, without regard to case.</param>
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

    /// <summary>The url itself, then what it ends with that may be a url too, the longest first.</summary>
    private static IEnumerable<string> Endings(string given)
    {
        yield return given;
        for (int at = 1; at < given.Length && (at = given.IndexOf(Scheme, at, StringComparison.OrdinalIgnoreCase)) > 0; at++)
        {
            yield return given[at..];
        }
    }

    /// <summary>How a url begins that has a signature somewhere between the fields of this one, up to the signature's value.</summary>
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

namespace Nyala.Server.Hooks;

/// <summary>Finds the hook that a caller names by its callback URL alone, as Logic Apps does.</summary>
internal static class HookQuery
{
    /// <summary>
    /// The one that is exactly the given url, else the longest that the given url ends with, else one that differs only by the
    /// <c>sig</c> in the query, which a workflow renews at each change. Null where none does.
    /// </summary>
    public static long? FindByUrl(IReadOnlyList<(long Id, string Url)> hooks, string given)
    {
        string unsigned = WithoutSignature(given);
        return First(hooks, url => url.Equals(given, StringComparison.OrdinalIgnoreCase))
            ?? First([.. hooks.OrderByDescending(hook => hook.Url.Length)], url => given.EndsWith(url, StringComparison.OrdinalIgnoreCase))
            ?? First(hooks, url => WithoutSignature(url).Equals(unsigned, StringComparison.OrdinalIgnoreCase));
    }

    private static long? First(IReadOnlyList<(long Id, string Url)> hooks, Func<string, bool> matches)
    {
        foreach ((long id, string url) in hooks)
        {
            if (matches(url))
            {
                return id;
            }
        }

        return null;
    }

    private static string WithoutSignature(string url)
    {
        int query = url.IndexOf('?', StringComparison.Ordinal);
        if (query < 0)
        {
            return url;
        }

        IEnumerable<string> kept = url[(query + 1)..].Split('&').Where(field => !field.StartsWith("sig=", StringComparison.OrdinalIgnoreCase));
        return url[..query] + "?" + string.Join('&', kept);
    }
}

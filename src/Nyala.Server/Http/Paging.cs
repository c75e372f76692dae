using System.Globalization;
using Nyala.Server.Storage;

namespace Nyala.Server.Http;

/// <summary>One page of a list, newest first: <c>?limit=</c>, and <c>?before=</c> with an id. A <c>Link</c> header (RFC 8288) leads to the next page.</summary>
/// <param name="Limit">The maximum number of entries.</param>
/// <param name="Before">Only entries with an id below this one.</param>
internal readonly record struct Paging(int Limit, long Before)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    private const string BeforeName = "before";

    /// <summary>Reads the values of the query. Returns false, with the reason, if a value is not valid.</summary>
    public static bool TryRead(string? limit, string? before, out Paging page, out string refusal)
    {
        page = new Paging(DefaultLimit, long.MaxValue);
        int most = DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > MaxLimit))
        {
            refusal = $"'limit' must be a whole number from 1 to {MaxLimit}.";
            return false;
        }

        long end = long.MaxValue;
        if (before is not null && !long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out end))
        {
            refusal = "'before' must be the id of an entry. The page starts with the next older entry.";
            return false;
        }

        page = new Paging(most, end);
        refusal = "";
        return true;
    }

    /// <summary>Adds a <c>Link</c> header with the URL of the next page, if there is one, and returns the entries of this page.</summary>
    public static IReadOnlyList<T> WithNextLink<T>(HttpContext http, Page<T> page)
    {
        if (page.Next is { } next)
        {
            NextLink.Append(http, BeforeName, next);
        }

        return page.Entries;
    }
}

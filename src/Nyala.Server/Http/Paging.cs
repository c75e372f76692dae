using System.Globalization;
using Nyala.Server.Storage;

namespace Nyala.Server.Http;

/// <summary>
/// One page of a list, newest first: <c>?limit=</c> and <c>?before=</c> an id. What lies behind it is found by the
/// <c>Link</c> header (RFC 8288).
/// </summary>
/// <param name="Limit">How many entries it has at most.</param>
/// <param name="Before">Only ids below this one.</param>
internal readonly record struct Paging(int Limit, long Before)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    private const string BeforeName = "before";

    /// <summary>Reads the query's values; false if one cannot be, and why.</summary>
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
            refusal = "'before' must be the id of an entry: the page begins with the next older one.";
            return false;
        }

        page = new Paging(most, end);
        refusal = "";
        return true;
    }

    /// <summary>The entries of a page, once a <c>Link</c> header says where the next one is, if there is one.</summary>
    public static IReadOnlyList<T> WithNextLink<T>(HttpContext http, Page<T> page)
    {
        if (page.Next is { } next)
        {
            NextLink.Append(http, BeforeName, next);
        }

        return page.Entries;
    }
}

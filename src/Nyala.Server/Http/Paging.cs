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

    /// <summary>How many entries to read: one more than the page has, so that it is known whether more follow.</summary>
    public int Fetch => Limit + 1;

    /// <summary>Reads the query's values; false where one cannot be, and why.</summary>
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

    /// <summary>Cuts the page out of what was fetched, and says in a <c>Link</c> header where the next one is, where there is one.</summary>
    /// <param name="http">The request for the page.</param>
    /// <param name="fetched">At most <see cref="Fetch"/> entries.</param>
    /// <param name="idOf">The id by which the list is ordered.</param>
    public IReadOnlyList<T> Cut<T>(HttpContext http, IReadOnlyList<T> fetched, Func<T, long> idOf)
    {
        if (fetched.Count <= Limit)
        {
            return fetched;
        }

        long last = idOf(fetched[Limit - 1]);
        NextLink.Append(http, BeforeName, last);
        return [.. fetched.Take(Limit)];
    }

    /// <summary>The entries of a page, once a <c>Link</c> header says where the next one is, where there is one.</summary>
    public static IReadOnlyList<T> Tell<T>(HttpContext http, Page<T> page)
    {
        if (page.Next is { } next)
        {
            NextLink.Append(http, BeforeName, next);
        }

        return page.Entries;
    }
}

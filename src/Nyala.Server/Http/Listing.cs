using System.Globalization;
using Nyala.Server.Storage;

namespace Nyala.Server.Http;

/// <summary>
/// What is asked for of a list that is answered whole, as Kudu's is, where the query does not say otherwise: <c>?limit=</c> asks for a page, and
/// <c>?after=</c> for what comes behind an entry.
/// </summary>
/// <param name="Limit">How many entries at most; null for all.</param>
/// <param name="After">The entry behind which it begins; null for the beginning.</param>
internal readonly record struct Listing(int? Limit, string? After)
{
    private const string AfterName = "after";

    /// <summary>The id behind which it begins.</summary>
    public long AfterId => After is null ? 0 : long.Parse(After, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Reads the query's values; false if one cannot be, and why.</summary>
    public static bool TryRead(string? limit, string? after, bool byId, out Listing listing, out string refusal)
    {
        listing = new Listing(limit is null ? null : Paging.DefaultLimit, after);
        if (!Paging.TryRead(limit, null, out Paging page, out refusal))
        {
            return false;
        }

        if (byId && after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            refusal = "'after' must be the id of an entry: the page begins with the one behind it.";
            return false;
        }

        listing = new Listing(limit is null ? null : page.Limit, after);
        return true;
    }

    /// <summary>The entries of a page, once a <c>Link</c> header says where the next one is, if there is one.</summary>
    public static IReadOnlyList<T> WithNextLink<T>(HttpContext http, Page<T> page)
    {
        if (page.Next is { } next)
        {
            NextLink.Append(http, AfterName, next);
        }

        return page.Entries;
    }

    /// <summary>Says in a <c>Link</c> header where the next page is.</summary>
    public static void WithNextLink(HttpContext http, string next) => NextLink.Append(http, AfterName, next);
}

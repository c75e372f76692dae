using System.Globalization;
using Nyala.Server.Storage;

namespace Nyala.Server.Http;

/// <summary>
/// The query of a list that is returned whole by default, as in Kudu. <c>?limit=</c> asks for a page, and <c>?after=</c> for the entries after an entry.
/// </summary>
/// <param name="Limit">The maximum number of entries; null for all.</param>
/// <param name="After">The entry after which the list starts; null for the beginning.</param>
internal readonly record struct Listing(int? Limit, string? After)
{
    private const string AfterName = "after";

    /// <summary>The id after which the list starts; 0 for the beginning.</summary>
    public long AfterId => After is null ? 0 : long.Parse(After, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Reads the values of the query. Returns false, with the reason, if a value is not valid.</summary>
    public static bool TryRead(string? limit, string? after, bool byId, out Listing listing, out string refusal)
    {
        listing = new Listing(limit is null ? null : Paging.DefaultLimit, after);
        if (!Paging.TryRead(limit, null, out Paging page, out refusal))
        {
            return false;
        }

        if (byId && after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            refusal = "'after' must be the id of an entry. The page starts after that entry.";
            return false;
        }

        listing = new Listing(limit is null ? null : page.Limit, after);
        return true;
    }

    /// <summary>Adds a <c>Link</c> header with the URL of the next page, if there is one, and returns the entries of this page.</summary>
    public static IReadOnlyList<T> WithNextLink<T>(HttpContext http, Page<T> page)
    {
        if (page.Next is { } next)
        {
            NextLink.Append(http, AfterName, next);
        }

        return page.Entries;
    }

    /// <summary>Adds a <c>Link</c> header with the URL of the next page.</summary>
    public static void AddNextLink(HttpContext http, string next) => NextLink.Append(http, AfterName, next);
}

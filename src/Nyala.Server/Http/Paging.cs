using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Nyala.Server.Hosting;

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
        http.Response.Headers.Append("Link", $"<{Next(http, last)}>; rel=\"next\"");
        return [.. fetched.Take(Limit)];
    }

    /// <summary>This request's URL with another <c>before</c>, as the caller reaches it.</summary>
    private static string Next(HttpContext http, long before)
    {
        NyalaOptions options = http.RequestServices.GetRequiredService<NyalaOptions>();
        var query = new QueryBuilder();
        foreach ((string name, StringValues values) in QueryHelpers.ParseQuery(http.Request.QueryString.Value))
        {
            if (!name.Equals(BeforeName, StringComparison.OrdinalIgnoreCase))
            {
                query.Add(name, values.ToArray().OfType<string>());
            }
        }

        query.Add(BeforeName, before.ToString(CultureInfo.InvariantCulture));
        return SiteScope.Root(http, options.PublicUrl) + http.Request.Path.ToUriComponent() + query;
    }
}

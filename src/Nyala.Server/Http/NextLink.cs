using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Nyala.Server.Http;

/// <summary>The <c>Link</c> header (RFC 8288) that leads from a page of a list to the next one.</summary>
internal static class NextLink
{
    /// <summary>Adds the header. It has this request's URL, as the caller reaches it, with another cursor.</summary>
    public static void Append(HttpContext http, string cursor, IFormattable value) => Append(http, cursor, value.ToString(null, CultureInfo.InvariantCulture));

    /// <summary>Adds the header. It has this request's URL, as the caller reaches it, with another cursor.</summary>
    public static void Append(HttpContext http, string cursor, string value)
    {
        NyalaOptions options = http.RequestServices.GetRequiredService<NyalaOptions>();
        var query = new QueryBuilder();
        foreach ((string name, StringValues values) in QueryHelpers.ParseQuery(http.Request.QueryString.Value))
        {
            if (!name.Equals(cursor, StringComparison.OrdinalIgnoreCase))
            {
                query.Add(name, values.ToArray().OfType<string>());
            }
        }

        query.Add(cursor, value);
        string next = RequestSite.Root(http, options.PublicUrl) + http.Request.Path.ToUriComponent() + query;
        http.Response.Headers.Append("Link", $"<{next}>; rel=\"next\"");
    }
}

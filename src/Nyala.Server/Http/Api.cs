using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Nyala.Server.Http;

/// <summary>Marks endpoints that speak git's protocol. They check their queries and bodies themselves.</summary>
internal sealed record GitProtocol;

/// <summary>Marks endpoints whose requests are checked before they run.</summary>
internal sealed record ApiEndpoint;

/// <summary>Maps the endpoints of a feature folder, and reads what its requests have in common.</summary>
internal static class Api
{
    /// <summary>Maps <paramref name="map"/> under every base. <see cref="UseRequestChecks"/> checks their requests.</summary>
    public static void MapAtEverySite(this IEndpointRouteBuilder app, string tag, Action<RouteGroupBuilder> map)
    {
        foreach (string prefix in RequestSite.Bases)
        {
            RouteGroupBuilder group = app.MapAt(prefix, tag);
            if (prefix != RequestSite.Bases[0])
            {
                group.ExcludeFromDescription();
            }

            map(group);
        }
    }

    /// <summary>Maps <paramref name="map"/> under <c>/api</c> only, for endpoints that belong to the whole server and to no site.</summary>
    public static void MapAtRoot(this IEndpointRouteBuilder app, string tag, Action<RouteGroupBuilder> map) => map(app.MapAt("/api", tag));

    /// <summary>Maps <paramref name="map"/> under a base that names a site, for endpoints outside the API.</summary>
    public static void MapAtSite(this IEndpointRouteBuilder app, string prefix, string tag, Action<RouteGroupBuilder> map) => map(app.MapAt(prefix, tag));

    /// <summary>Checks the site name, the query and the content coding of each request before its endpoint runs.</summary>
    public static void UseRequestChecks(this IApplicationBuilder app)
    {
        NyalaOptions options = app.ApplicationServices.GetRequiredService<NyalaOptions>();
        app.Use(next => http =>
            http.GetEndpoint()?.Metadata.GetMetadata<ApiEndpoint>() is not null && Check(http, options) is { } refusal ? refusal.ExecuteAsync(http) : next(http));
    }

    /// <summary>Returns the site of this request, which has been checked.</summary>
    public static RequestSite GetRequestSite(this HttpContext http) => http.Features.GetRequiredFeature<RequestSite>();

    /// <summary>
    /// Whether the caller asks not to wait: with <c>Prefer: respond-async</c> (RFC 7240), or with <c>?isAsync=true</c> or <c>?async=true</c>, as Kudu's clients
    /// do, at endpoints that take these parameters.
    /// </summary>
    public static bool PrefersAsync(this HttpRequest request) =>
        (request.QueryString.HasValue && (QueryFlag.Read(request.Query["isAsync"]) == true || QueryFlag.Read(request.Query["async"]) == true))
        || AsksForAsync(request.Headers["Prefer"]);

    private static bool AsksForAsync(StringValues preferences)
    {
        foreach (string? value in preferences)
        {
            ReadOnlySpan<char> text = value;
            foreach (Range part in text.SplitAny(',', ';'))
            {
                if (text[part].Trim().Equals("respond-async", StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static RouteGroupBuilder MapAt(this IEndpointRouteBuilder app, string prefix, string tag)
    {
        RouteGroupBuilder group = app.MapGroup(prefix).WithTags(tag).WithMetadata(new ApiEndpoint()).ProducesProblem(StatusCodes.Status400BadRequest);
        group.RefusesOtherQuery();
        return group;
    }

    /// <summary>Refuses a request that an endpoint would misread, and notes the site. Returns null if the request is accepted.</summary>
    private static IResult? Check(HttpContext http, NyalaOptions options)
    {
        if (!RequestSite.TryRead(http, options.PublicUrl, out RequestSite? requestSite, out string refusal))
        {
            return Refusal.BadRequest("Invalid site name", refusal);
        }

        if (Refuse(http) is { } wrong)
        {
            return wrong;
        }

        http.Features.Set(requestSite);
        return null;
    }

    /// <summary>Refuses a query that the endpoint would ignore, and a content coding that it would not decode. Returns null if there is neither.</summary>
    private static IResult? Refuse(HttpContext http)
    {
        if (http.GetEndpoint()!.Metadata.GetMetadata<GitProtocol>() is not null)
        {
            return null;
        }

        return http.Request.QueryString.HasValue && QueryRule.Judge(http.GetEndpoint(), http.Request.Query) is { } query ? Refusal.BadRequest("Invalid query", query)
            : BodyCoding.Judge(http) is { } coding ? BodyCoding.Refuse(http, coding)
            : null;
    }
}

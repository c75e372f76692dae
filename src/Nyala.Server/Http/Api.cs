
namespace Nyala.Server.Http;

/// <summary>Marks endpoints that speak git's protocol. They check their queries and bodies themselves.</summary>
internal sealed record GitProtocol;

/// <summary>Maps the endpoints of a feature folder, and reads what its requests have in common.</summary>
internal static class Api
{
    /// <summary>Maps <paramref name="map"/> under every base. Site name, query and content coding are checked before an endpoint runs.</summary>
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

    /// <summary>Returns the site of this request, which <see cref="MapAtEverySite"/> or <see cref="MapAtRoot"/> has checked.</summary>
    public static RequestSite GetRequestSite(this HttpContext http) => (RequestSite)http.Items[typeof(RequestSite)]!;

    /// <summary>
    /// Whether the caller asks not to wait: with <c>Prefer: respond-async</c> (RFC 7240), or with <c>?isAsync=true</c> or <c>?async=true</c>, as Kudu's clients
    /// do, at endpoints that take these parameters.
    /// </summary>
    public static bool PrefersAsync(this HttpRequest request) =>
        QueryFlag.Read(request.Query["isAsync"]) == true
        || QueryFlag.Read(request.Query["async"]) == true
        || request.Headers["Prefer"]
            .SelectMany(value => (value ?? "").Split([',', ';']))
            .Any(preference => preference.Trim().Equals("respond-async", StringComparison.OrdinalIgnoreCase));

    private static RouteGroupBuilder MapAt(this IEndpointRouteBuilder app, string prefix, string tag)
    {
        RouteGroupBuilder group = app.MapGroup(prefix).WithTags(tag).AddEndpointFilter(CheckAsync).ProducesProblem(StatusCodes.Status400BadRequest);
        group.RefusesOtherQuery();
        return group;
    }

    private static ValueTask<object?> CheckAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        NyalaOptions options = context.HttpContext.RequestServices.GetRequiredService<NyalaOptions>();
        if (!RequestSite.TryRead(context.HttpContext, options.PublicUrl, out RequestSite requestSite, out string refusal))
        {
            return ValueTask.FromResult<object?>(Refusal.BadRequest("Invalid site name", refusal));
        }

        if (Refuse(context.HttpContext) is { } wrong)
        {
            return ValueTask.FromResult<object?>(wrong);
        }

        context.HttpContext.Items[typeof(RequestSite)] = requestSite;
        return next(context);
    }

    /// <summary>Refuses a query that the endpoint would ignore, and a content coding that it would not decode. Returns null if there is neither.</summary>
    private static IResult? Refuse(HttpContext http)
    {
        if (http.GetEndpoint()!.Metadata.GetMetadata<GitProtocol>() is not null)
        {
            return null;
        }

        return QueryRule.Judge(http.GetEndpoint(), http.Request.Query) is { } query ? Refusal.BadRequest("Invalid query", query)
            : BodyCoding.Judge(http) is { } coding ? BodyCoding.Refuse(http, coding)
            : null;
    }
}

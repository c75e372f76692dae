using Nyala.Server.Hosting;

namespace Nyala.Server.Http;

/// <summary>Maps a room's endpoints under every base of <see cref="SiteScope.Bases"/>.</summary>
internal static class Api
{
    /// <summary>Maps <paramref name="map"/> under each base. Site names are checked before any endpoint runs.</summary>
    public static void MapAtEverySite(this IEndpointRouteBuilder app, string tag, Action<RouteGroupBuilder> map)
    {
        foreach (string prefix in SiteScope.Bases)
        {
            RouteGroupBuilder group = app.MapGroup(prefix).WithTags(tag).AddEndpointFilter(CheckSite);
            if (!prefix.EndsWith("/api", StringComparison.Ordinal))
            {
                group.ExcludeFromDescription();
            }

            map(group);
        }
    }

    /// <summary>The scope of this request, once <see cref="MapAtEverySite"/> has checked it.</summary>
    public static SiteScope Scope(this HttpContext http) => (SiteScope)http.Items[typeof(SiteScope)]!;

    /// <summary>Whether the caller does not wait for first attempts: <c>Prefer: respond-async</c> (RFC 7240).</summary>
    public static bool PrefersAsync(this HttpRequest request) => request.Headers["Prefer"]
        .SelectMany(value => (value ?? "").Split([',', ';']))
        .Any(preference => preference.Trim().Equals("respond-async", StringComparison.OrdinalIgnoreCase));

    private static ValueTask<object?> CheckSite(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        NyalaOptions options = context.HttpContext.RequestServices.GetRequiredService<NyalaOptions>();
        if (!SiteScope.TryRead(context.HttpContext, options.PublicUrl, out SiteScope scope, out string refusal))
        {
            return ValueTask.FromResult<object?>(Refusal.BadRequest("This site name is refused", refusal));
        }

        context.HttpContext.Items[typeof(SiteScope)] = scope;
        return next(context);
    }
}

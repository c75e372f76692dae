using Microsoft.Extensions.Primitives;

namespace Nyala.Server.Front;

/// <summary>
/// Refuses requests that a page of another web site makes a browser send: requests to a host name that is not the server's, and changes from an origin that is
/// not the server's. Responses never have CORS headers, so such a page cannot read a response either.
/// </summary>
internal sealed class FrontDoor(RequestDelegate next, HostRule hosts, FrontDoor.Settings settings, IProblemDetailsService problems)
{
    /// <param name="Path">Requests below this path are accepted for any host name, because health checks may know only an address, and these paths reveal
    /// nothing.</param>
    /// <param name="Origin">The origin of <c>PublicUrl</c>; null if it is not set.</param>
    internal sealed record Settings(string Path, string? Origin);

    public Task InvokeAsync(HttpContext http)
    {
        HttpRequest request = http.Request;
        if (request.Path.StartsWithSegments(settings.Path))
        {
            return next(http);
        }

        if (!hosts.Admits(request.Host.Host))
        {
            return RefuseAsync(
                http,
                StatusCodes.Status421MisdirectedRequest,
                "Unknown host name",
                $"The request is for the host '{request.Host.Host}', which this server does not serve. Use the server's address, add the host to the option AllowedHosts, or set PublicUrl to a URL with this host.");
        }

        string? origin = Header(request.Headers.Origin);
        if (OriginRule.Refuses(request.Method, origin, Header(request.Headers["Sec-Fetch-Site"]), Own(request)))
        {
            return RefuseAsync(
                http,
                StatusCodes.Status403Forbidden,
                "Cross-origin request refused",
                $"The request comes from {(origin is null ? "a page of another site" : $"a page of the origin '{origin}'")}, which is not this server. "
                + "If that is the server's own address behind a proxy, set PublicUrl to it.");
        }

        return next(http);
    }

    private IEnumerable<string> Own(HttpRequest request)
    {
        yield return $"{request.Scheme}://{request.Host}";
        if (settings.Origin is { } origin)
        {
            yield return origin;
        }
    }

    private static string? Header(StringValues values) => values.Count == 0 ? null : values.ToString();

    private async Task RefuseAsync(HttpContext http, int status, string title, string detail)
    {
        http.Response.StatusCode = status;
        await problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = http,
            ProblemDetails = { Status = status, Title = title, Detail = detail },
        });
    }
}

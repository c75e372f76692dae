using Microsoft.AspNetCore.Authorization;
using Nyala.Server.Http;

namespace Nyala.Server.Access;

/// <summary>Allows a known caller that meets the endpoint's <see cref="ScopeRequirement"/>.</summary>
internal sealed class ScopeHandler : AuthorizationHandler<ScopeHandler>, IAuthorizationRequirement
{
    /// <summary>Judges a request of a known caller. Returns null if it is allowed.</summary>
    public static Denial? Judge(HttpContext http)
    {
        // No route matches the path, or none matches the method. A caller with a token then gets 404 or 405.
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return null;
        }

        return AccessRule.Judge(
            endpoint.Metadata.GetMetadata<ScopeRequirement>(), Caller.Of(http), http.GetRouteValue(RequestSite.RouteValue) as string, http.Request.Path.Value ?? "");
    }

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeHandler requirement)
    {
        if (context is { User.Identity.IsAuthenticated: true, Resource: HttpContext http } && Judge(http) is null)
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

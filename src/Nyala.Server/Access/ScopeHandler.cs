using Microsoft.AspNetCore.Authorization;
using Nyala.Server.Http;

namespace Nyala.Server.Access;

/// <summary>Lets a known caller in where the endpoint's <see cref="ScopeRequirement"/> is met.</summary>
internal sealed class ScopeHandler : AuthorizationHandler<ScopeHandler>, IAuthorizationRequirement
{
    /// <summary>Judges a request of a known caller; null lets it in.</summary>
    public static Denial? Judge(HttpContext http)
    {
        // No route, or none for this method: a caller with a token gets that answer.
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return null;
        }

        return AccessRule.Judge(
            endpoint.Metadata.GetMetadata<ScopeRequirement>(), Caller.Of(http), http.GetRouteValue(SiteScope.RouteValue) as string, http.Request.Path.Value ?? "");
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

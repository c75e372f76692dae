using Nyala.Client;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;

namespace Nyala.Server.Deploying;

/// <summary>
/// The endpoints <c>PUT /api/deployments</c>, <c>POST /api/deployments/rollback</c> and <c>POST /api/deployments/{id}/cancel</c>. <c>DeploymentEndpoints</c> maps
/// <c>PUT /api/deployments/{id}</c>, which redeploys one deployment.
/// </summary>
internal static class RedeployEndpoints
{
    public static void MapRedeploy(this IEndpointRouteBuilder app) => app.MapAtEverySite("Deployments", group =>
    {
        Describe(group.MapPut("/deployments", (HttpContext http, Redeployer redeployer, CancellationToken cancellationToken) => redeployer.RedeployHeadAsync(http, cancellationToken)))
            .WithSummary("Deploy the head of the site's branch");
        Describe(group.MapPost("/deployments/rollback", (HttpContext http, Redeployer redeployer, CancellationToken cancellationToken) => redeployer.RollBackAsync(http, cancellationToken)))
            .WithSummary("Roll back to what the site ran before");
        group.MapPost("/deployments/{id}/cancel", (string id, HttpContext http, Canceler canceler, CancellationToken cancellationToken) => canceler.CancelAsync(http, id, cancellationToken))
            .NeedsScope(Scopes.Deploy)
            .WithSummary("Cancel a deployment in progress, or one that waits")
            .WithDescription("It ends as failed, and the current release stays live.")
            .Produces<Deployment>()
            .Produces<KuduMessage>(StatusCodes.Status404NotFound)
            .Produces<KuduMessage>(StatusCodes.Status409Conflict);
    });

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint
        .NeedsScope(Scopes.Deploy)
        .TakesAsync()
        .Produces<Deployment>()
        .Produces<Deployment>(StatusCodes.Status202Accepted)
        .Produces<KuduMessage>(StatusCodes.Status404NotFound)
        .Produces<string>(StatusCodes.Status409Conflict, "text/plain")
        .Produces<Deployment>(StatusCodes.Status422UnprocessableEntity);
}

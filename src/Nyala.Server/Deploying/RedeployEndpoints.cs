using Nyala.Client;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary><c>PUT /api/deployments</c> and <c>POST /api/deployments/rollback</c>. One deployment is redeployed by <c>PUT /api/deployments/{id}</c>.</summary>
internal static class RedeployEndpoints
{
    public static void MapRedeploy(this IEndpointRouteBuilder app) => app.MapAtEverySite("Deployments", group =>
    {
        Describe(group.MapPut("/deployments", (HttpContext http, Redeployer redeployer, CancellationToken cancellationToken) => redeployer.RedeployHeadAsync(http, cancellationToken)))
            .WithSummary("Deploy the head of the site's branch, as it stands in its repository");
        Describe(group.MapPost("/deployments/rollback", (HttpContext http, Redeployer redeployer, CancellationToken cancellationToken) => redeployer.RollBackAsync(http, cancellationToken)))
            .WithSummary("Deploy what the site ran before what it runs now");
    });

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint
        .NeedsScope(Scopes.Deploy)
        .Produces<Deployment>()
        .Produces<Deployment>(StatusCodes.Status202Accepted)
        .Produces<KuduMessage>(StatusCodes.Status404NotFound)
        .Produces<string>(StatusCodes.Status409Conflict, "text/plain")
        .Produces<Deployment>(StatusCodes.Status422UnprocessableEntity);
}

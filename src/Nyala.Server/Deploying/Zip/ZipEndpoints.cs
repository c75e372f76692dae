using Microsoft.OpenApi;
using Nyala.Client;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;

namespace Nyala.Server.Deploying.Zip;

/// <summary>The endpoints <c>/api/zipdeploy</c> and <c>/api/publish</c>, which Kudu calls OneDeploy. The body is the zip, or names its URL.</summary>
internal static class ZipEndpoints
{
    private static readonly (string, JsonSchemaType, string)[] Common =
    [
        ("author", JsonSchemaType.String, "The author. Default: N/A."),
        ("authorEmail", JsonSchemaType.String, "The author's e-mail address. Default: N/A."),
        ("message", JsonSchemaType.String, "A description of the deployment. Default: Created via a push deployment, or OneDeploy for publish."),
        ("deployer", JsonSchemaType.String, "The deployer's name. The URL in `Location` finds the deployment by it. Default: ZipDeploy, or OneDeploy for publish."),
        ("type", JsonSchemaType.String, "zip, the default; for publish also static, which is one file. Azure's other types are refused by name."),
        ("trackDeploymentProgress", JsonSchemaType.Boolean, "No effect: every response has the header SCM-DEPLOYMENT-ID."),
        ("trackDeploymentId", JsonSchemaType.Boolean, "The older name of trackDeploymentProgress."),
        (QueryRule.ApiVersion, JsonSchemaType.String, "No effect."),
    ];

    private static readonly (string, JsonSchemaType, string)[] OfZipDeploy =
    [
        .. Common,
        ("clean", JsonSchemaType.Boolean, "No effect: a release contains only the files of its deployment."),
        ("path", JsonSchemaType.String, "Refused. Use publish to deploy to a path."),
    ];

    private static readonly (string, JsonSchemaType, string)[] OfPublish =
    [
        .. Common,
        ("path", JsonSchemaType.String, "The target of the zip or file: relative to the site, or absolute under /home/site/wwwroot. Default: the site itself."),
        ("clean", JsonSchemaType.Boolean, "Whether the folder at path (for type=static, the folder of the file) is emptied first; other folders stay. Default: true for a zip, false for a file."),
        ("restart", JsonSchemaType.Boolean, "No effect: this server does not start or stop sites. The site's deploy command can."),
        ("ignorestack", JsonSchemaType.Boolean, "No effect: it is for Java."),
        ("reset", JsonSchemaType.Boolean, "false has no effect. true is refused: to clear a site, deploy an empty zip."),
    ];

    public static void MapZip(this IEndpointRouteBuilder app) => app.MapAtEverySite("Deployments", group =>
    {
        Describe(group.MapMethods("/zipdeploy", [HttpMethods.Post, HttpMethods.Put], (HttpContext http, ZipIntake intake, CancellationToken cancellationToken) =>
                DeployAsync(http, intake, oneDeploy: false, cancellationToken)))
            .WithSummary("Deploy a zip")
            .TakesAsync()
            .TakesQuery(OfZipDeploy);
        Describe(group.MapMethods("/publish", [HttpMethods.Post, HttpMethods.Put], (HttpContext http, ZipIntake intake, CancellationToken cancellationToken) =>
                DeployAsync(http, intake, oneDeploy: true, cancellationToken)))
            .WithSummary("Deploy a zip, a part of a site, or one file (OneDeploy)")
            .TakesAsync()
            .TakesQuery(OfPublish);
    });

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint
        .NeedsScope(Scopes.Deploy)
        .WithDescription(
            "The body is the zip, or JSON `{\"packageUri\": \"https://…\"}` with its URL. Answers when the deployment has ended: 200, or 422 if it "
            + "failed. With `?isAsync=true`, `?async=true` or `Prefer: respond-async`, answers 202 once it has begun, with the URL to poll in "
            + "`Location`. The header `SCM-DEPLOYMENT-ID` is its id.")
        .TakesFile("application/zip")
        .Produces<Deployment>()
        .Produces<Deployment>(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .Produces<string>(StatusCodes.Status409Conflict, "text/plain")
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .Produces<Deployment>(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> DeployAsync(HttpContext http, ZipIntake intake, bool oneDeploy, CancellationToken cancellationToken) =>
        ZipOrder.Read(http.Request.Query, oneDeploy, out string reason) is { } asked
            ? await intake.DeployAsync(http, asked, cancellationToken)
            : Refusal.BadRequest(ZipIntake.Title, reason);
}

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
        ("author", JsonSchemaType.String, "Who made it. Default: N/A."),
        ("authorEmail", JsonSchemaType.String, "The author's e-mail address. Default: N/A."),
        ("message", JsonSchemaType.String, "What is deployed. Default: Created via a push deployment, through publish OneDeploy."),
        ("deployer", JsonSchemaType.String, "What deploys it; polling at `Location` goes by it. Default: ZipDeploy, through publish OneDeploy."),
        ("type", JsonSchemaType.String, "zip, the default; through publish also static, which is one file. Azure's other types are refused by name."),
        ("trackDeploymentProgress", JsonSchemaType.Boolean, "Changes nothing: every answer carries SCM-DEPLOYMENT-ID."),
        ("trackDeploymentId", JsonSchemaType.Boolean, "The older name of trackDeploymentProgress."),
        (QueryRule.ApiVersion, JsonSchemaType.String, "Changes nothing."),
    ];

    private static readonly (string, JsonSchemaType, string)[] OfZipDeploy =
    [
        .. Common,
        ("clean", JsonSchemaType.Boolean, "Changes nothing: a release holds what this deployment brings and nothing else."),
        ("path", JsonSchemaType.String, "Refused: publish takes it."),
    ];

    private static readonly (string, JsonSchemaType, string)[] OfPublish =
    [
        .. Common,
        ("path", JsonSchemaType.String, "Where in the site the zip goes, or the file: relative to the site, or absolute under /home/site/wwwroot. Default: the site itself."),
        ("clean", JsonSchemaType.Boolean, "Whether the folder at path, of type=static the file's folder, is emptied first; other folders stay. Default: true for a zip, false for a file."),
        ("restart", JsonSchemaType.Boolean, "Changes nothing: this server starts and stops no site. The site's command may."),
        ("ignorestack", JsonSchemaType.Boolean, "Changes nothing: it is for Java."),
        ("reset", JsonSchemaType.Boolean, "false changes nothing. true is refused: an empty zip clears the site."),
    ];

    public static void MapZip(this IEndpointRouteBuilder app) => app.MapAtEverySite("Deployments", group =>
    {
        Describe(group.MapMethods("/zipdeploy", [HttpMethods.Post, HttpMethods.Put], (HttpContext http, ZipIntake reception, CancellationToken cancellationToken) =>
                DeployAsync(http, reception, oneDeploy: false, cancellationToken)))
            .WithSummary("Deploy a zip")
            .TakesAsync()
            .TakesQuery(OfZipDeploy);
        Describe(group.MapMethods("/publish", [HttpMethods.Post, HttpMethods.Put], (HttpContext http, ZipIntake reception, CancellationToken cancellationToken) =>
                DeployAsync(http, reception, oneDeploy: true, cancellationToken)))
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

    private static async Task<IResult> DeployAsync(HttpContext http, ZipIntake reception, bool oneDeploy, CancellationToken cancellationToken) =>
        ZipOrder.Read(http.Request.Query, oneDeploy, out string reason) is { } asked
            ? await reception.DeployAsync(http, asked, cancellationToken)
            : Refusal.BadRequest(ZipIntake.Title, reason);
}

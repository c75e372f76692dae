using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using Nyala.Client;
using Nyala.Server.Events;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Zip;

/// <summary><c>/api/zipdeploy</c>, and <c>/api/publish?type=zip</c>, its newer name: the body is the zip.</summary>
internal static class ZipEndpoints
{
    private const string Title = "This zip is refused";
    private const int MaxText = 8 * 1024;

    public static void MapZip(this IEndpointRouteBuilder app) => app.MapAtEverySite("Deployments", group =>
    {
        foreach (string path in (string[])["/zipdeploy", "/publish"])
        {
            group.MapMethods(path, [HttpMethods.Post, HttpMethods.Put], DeployAsync)
                .NeedsScope(Scopes.Deploy)
                .WithSummary(path == "/publish" ? "Deploy a zip: the newer name of zipdeploy, with ?type=zip" : "Deploy a zip, which is the body")
                .WithDescription(
                    "Answers at the deployment's end: 200, or 422 where it failed. With ?isAsync=true (?async=true), or `Prefer: respond-async`, 202 once it has begun, with where to look "
                    + "in `Location`.")
                .TakesQuery(
                    PerformedAnswer.AsyncParameter,
                    ("author", JsonSchemaType.String, "Who made it. Default: N/A."),
                    ("authorEmail", JsonSchemaType.String, "The author's e-mail address. Default: N/A."),
                    ("message", JsonSchemaType.String, "What is deployed. Default: Created via a push deployment."),
                    ("deployer", JsonSchemaType.String, "What deploys it; polling at `Location` goes by it. Default: ZipDeploy."))
                .TakesFile("application/zip")
                .Produces<Deployment>()
                .Produces<Deployment>(StatusCodes.Status202Accepted)
                .ProducesProblem(StatusCodes.Status400BadRequest)
                .ProducesProblem(StatusCodes.Status404NotFound)
                .Produces<string>(StatusCodes.Status409Conflict, "text/plain")
                .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
                .Produces<Deployment>(StatusCodes.Status422UnprocessableEntity);
        }
    });

    private static async Task<IResult> DeployAsync(
        HttpContext http, SiteFinder sites, SiteGate gate, SiteFolders folders, Deployer deployer, DeployingOptions options,
        CancellationToken cancellationToken)
    {
        IQueryCollection query = http.Request.Query;
        if (query["type"] is { Count: > 0 } type && !type.ToString().Equals("zip", StringComparison.OrdinalIgnoreCase))
        {
            return Refusal.BadRequest(Title, "This server deploys ?type=zip alone.");
        }

        if (query.FirstOrDefault(item => item.Value.ToString().Length > MaxText) is { Key: { } tooLong })
        {
            return Refusal.BadRequest(Title, $"'{tooLong}' is longer than {MaxText} characters.");
        }

        string? name = http.Scope().Site;
        if (await sites.FindAsync(name, cancellationToken) is not { } site)
        {
            return sites.Refuse(name);
        }

        SiteGate.Pass? pass = await gate.EnterAsync(site.Name, cancellationToken);
        if (pass is null)
        {
            return PerformedAnswer.Busy(gate.BusyAt(site.Name));
        }

        Performance performance;
        try
        {
            string id = RandomNumberGenerator.GetHexString(32, lowercase: true);
            SiteFolder folder = folders.Of(site.Name);
            folder.MakeWork();
            string upload = Path.Combine(folder.Work, id + ".zip");
            if (await TakeAsync(http.Request, upload, options.Zip, cancellationToken) is { } refusal)
            {
                pass.Dispose();
                return refusal;
            }

            performance = await deployer.BeginAsync(Order(http, site, id, new ZipSource(upload, folder.Package(id), options.Zip)), pass);
        }
        catch
        {
            pass.Dispose();
            throw;
        }

        return await PerformedAnswer.OfAsync(http, performance, cancellationToken);
    }

    private static async Task<ProblemHttpResult?> TakeAsync(HttpRequest request, string upload, ZipOptions limits, CancellationToken cancellationToken)
    {
        if (await ZipUpload.SaveAsync(request, upload, limits, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (Unpacker.Judge(upload, limits) is { } reason)
        {
            File.Delete(upload);
            return Refusal.BadRequest(Title, reason);
        }

        return null;
    }

    private static DeployOrder Order(HttpContext http, SiteRecord site, string id, ZipSource source)
    {
        string Text(string key, string usual) => http.Request.Query[key].ToString() is { Length: > 0 } given ? given : usual;
        return new DeployOrder
        {
            Site = site.Name,
            Deployment = id,
            Author = Text("author", "N/A"),
            AuthorEmail = Text("authorEmail", "N/A"),
            Deployer = Text("deployer", "ZipDeploy"),
            Message = Text("message", "Created via a push deployment"),
            Source = source,
            Actor = Caller.ActorOf(http),
            Trace = TraceParent.Of(http.Request),
        };
    }
}

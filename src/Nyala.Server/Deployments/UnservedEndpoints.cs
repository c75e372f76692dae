using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>What Kudu serves here and this version does not: it says so, rather than seem not to be there.</summary>
internal static class UnservedEndpoints
{
    private const string Report = "Report deployments that run elsewhere: `nyala run -- COMMAND`, or PUT /api/deployments/{id} with a status.";

    public static void MapUnserved(this IEndpointRouteBuilder app)
    {
        app.MapAtEverySite("Deployments", MapUnserved);
    }

    private static void MapUnserved(RouteGroupBuilder group)
    {
        group.MapPost("/deploy", () => Refusal.NotImplemented("Deploying from a repository's URL is not served by this version. " + Report))
            .NeedsScope(Scopes.Deploy)
            .ExcludeFromDescription();
    }
}

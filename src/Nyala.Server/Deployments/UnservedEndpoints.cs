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

    public static IResult Redeploy() => Refusal.NotImplemented("Redeploying is not served by this version; a report needs a 'status'. " + Report);

    private static void MapUnserved(RouteGroupBuilder group)
    {
        group.MapPut("/deployments", Redeploy).NeedsScope(Scopes.Deploy).ExcludeFromDescription();
        foreach (string path in (string[])["/zipdeploy", "/publish"])
        {
            group.MapMethods(path, [HttpMethods.Post, HttpMethods.Put], () => Refusal.NotImplemented("Zip deploy is not served by this version. " + Report))
                .NeedsScope(Scopes.Deploy)
                .ExcludeFromDescription();
        }
    }
}

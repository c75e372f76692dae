using Nyala.Server.Access;

namespace Nyala.Server.Deploying.Push;

/// <summary>
/// The Git LFS API below a site's repository. Its requests are refused in the API's own format, so that the client shows the reason; after a 404 it would ask
/// for a password or guess.
/// </summary>
internal static class LfsEndpoints
{
    private const string ContentType = "application/vnd.git-lfs+json";

    private const string Reason =
        "This server does not store Git LFS objects. Send the files themselves with `nyala deploy`, or remove them from LFS: git lfs migrate export --include='*' --everything. "
        + "To deploy the pointers as they are, set SCM_ALLOW_LFS_POINTERS=1 for the site and push with GIT_LFS_SKIP_PUSH=1.";

    private const string NoLocks = "This server does not support Git LFS locks.";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/info/lfs/objects/{**rest}", () => Refuse(Reason)).NeedsScope(Scopes.Deploy).ExcludeFromDescription();
        group.MapMethods("/info/lfs/locks/{**rest}", [HttpMethods.Get, HttpMethods.Post], () => Refuse(NoLocks)).NeedsScope(Scopes.Deploy).ExcludeFromDescription();
    }

    /// <summary>Returns 501, which tells the client not to ask again.</summary>
    private static IResult Refuse(string reason) =>
        TypedResults.Json(new LfsRefusal(reason), LfsJson.Default.LfsRefusal, ContentType, StatusCodes.Status501NotImplemented);
}

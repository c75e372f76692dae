using Nyala.Server.Access;

namespace Nyala.Server.Deploying.Push;

/// <summary>
/// Git LFS's API below a site's repository, which is refused in its own form: its client then says why, where 404 would have it ask for a password or guess.
/// </summary>
internal static class LfsEndpoints
{
    private const string ContentType = "application/vnd.git-lfs+json";

    private const string Reason =
        "This server keeps no Git LFS objects. Send the files themselves with `nyala deploy`, or take them out of LFS: git lfs migrate export --include='*' --everything. "
        + "To deploy the pointers as they are, set SCM_ALLOW_LFS_POINTERS=1 for the site and push with GIT_LFS_SKIP_PUSH=1.";

    private const string NoLocks = "This server keeps no Git LFS locks.";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/info/lfs/objects/{**rest}", () => Refuse(Reason)).NeedsScope(Scopes.Deploy).ExcludeFromDescription();
        group.MapMethods("/info/lfs/locks/{**rest}", [HttpMethods.Get, HttpMethods.Post], () => Refuse(NoLocks)).NeedsScope(Scopes.Deploy).ExcludeFromDescription();
    }

    /// <summary>501, by which its client knows that it must not ask again.</summary>
    private static IResult Refuse(string reason) =>
        TypedResults.Json(new LfsRefusal(reason), LfsJson.Default.LfsRefusal, ContentType, StatusCodes.Status501NotImplemented);
}

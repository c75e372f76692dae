using System.Text;
using Nyala.Server.Access;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Disk;
using Nyala.Server.Http;
using Nyala.Server.Processes;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Push;

/// <summary>
/// git's smart HTTP: push, fetch, clone and <c>ls-remote</c> of a site's repository. Refusals are plain text, because git shows that to its users.
/// </summary>
internal static class GitEndpoints
{
    public static void MapGit(this IEndpointRouteBuilder app)
    {
        app.MapAtEverySite("Git", Map);
        app.MapAtSite($"/{{{RequestSite.RouteValue}}}.git", "Git", Map);
    }

    private static void Map(RouteGroupBuilder group)
    {
        group.WithMetadata(new GitProtocol());
        group.MapGet("/info/refs", AdvertiseAsync).NeedsScope(Scopes.Deploy).RefusesInText().ExcludeFromDescription();
        group.MapPost("/" + GitServer.ReceivePack, ReceiveAsync).NeedsScope(Scopes.Deploy).RefusesInText().ExcludeFromDescription();
        group.MapPost("/" + GitServer.UploadPack, UploadAsync).NeedsScope(Scopes.Deploy).RefusesInText().ExcludeFromDescription();
        LfsEndpoints.Map(group);
    }

    private static async Task<IResult> AdvertiseAsync(string? service, HttpContext http, GitServer git, SiteFinder sites, CancellationToken cancellationToken)
    {
        if (service is not (GitServer.ReceivePack or GitServer.UploadPack))
        {
            return Text(StatusCodes.Status403Forbidden, "This server supports only git's smart HTTP protocol. The client is too old for it, or is not git.");
        }

        string? name = http.GetRequestSite().Site;
        if (await sites.FindAsync(name, cancellationToken) is not { } site)
        {
            return Text(StatusCodes.Status404NotFound, sites.Missing(name));
        }

        try
        {
            await git.AdvertiseAsync(http, site, service);
            return TypedResults.Empty;
        }
        catch (GitMissingException error)
        {
            return Text(StatusCodes.Status503ServiceUnavailable, error.Message);
        }
        catch (IOException error) when (!http.Response.HasStarted)
        {
            return Failed(error);
        }
    }

    private static Task<IResult> ReceiveAsync(HttpContext http, GitServer git, PushHooks hooks, SiteFinder sites, Shutdown shutdown, CancellationToken cancellationToken) =>
        hooks.WhyNotRun() is { } reason ? Task.FromResult<IResult>(Text(StatusCodes.Status503ServiceUnavailable, reason)) : ServeAsync(http, sites, shutdown, site => git.ReceiveAsync(http, site), cancellationToken);

    private static Task<IResult> UploadAsync(HttpContext http, GitServer git, SiteFinder sites, Shutdown shutdown, CancellationToken cancellationToken) =>
        ServeAsync(http, sites, shutdown, site => git.UploadAsync(http, site), cancellationToken);

    private static async Task<IResult> ServeAsync(HttpContext http, SiteFinder sites, Shutdown shutdown, Func<SiteRecord, Task> serve, CancellationToken cancellationToken)
    {
        if (GitCoding.Refuse(http.Request.Headers.ContentEncoding) is { } refusal)
        {
            http.Response.Headers.AcceptEncoding = GitCoding.Supported;
            return Text(StatusCodes.Status415UnsupportedMediaType, refusal);
        }

        string? name = http.GetRequestSite().Site;
        if (await sites.FindAsync(name, cancellationToken) is not { } site)
        {
            return Text(StatusCodes.Status404NotFound, sites.Missing(name));
        }

        try
        {
            await serve(site);
            return TypedResults.Empty;
        }
        catch (InvalidDataException error) when (!http.Response.HasStarted)
        {
            return Text(
                StatusCodes.Status400BadRequest,
                GitCoding.IsPacked(http.Request) ? "The body is declared as gzip, but is not gzip or is damaged. Nothing was stored." : $"This is not a complete git request. Nothing was stored. {error.Message}");
        }
        catch (OperationCanceledException) when (shutdown.Stopping.IsCancellationRequested && !http.Response.HasStarted)
        {
            return Text(StatusCodes.Status503ServiceUnavailable, Shutdown.Refusal);
        }
        catch (GitMissingException error) when (!http.Response.HasStarted)
        {
            return Text(StatusCodes.Status503ServiceUnavailable, error.Message);
        }
        catch (IOException error) when (error is not BadHttpRequestException && !http.Response.HasStarted)
        {
            return Failed(error);
        }
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ContentHttpResult Failed(IOException error) => DiskFull.Is(error)
        ? Text(StatusCodes.Status507InsufficientStorage, DiskFull.Refusal)
        : Text(StatusCodes.Status500InternalServerError, error.Message);

    private static Microsoft.AspNetCore.Http.HttpResults.ContentHttpResult Text(int status, string text) =>
        TypedResults.Text(TerminalFilter.Clean(text) + "\n", "text/plain", Encoding.UTF8, status);
}

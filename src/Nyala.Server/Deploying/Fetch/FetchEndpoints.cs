using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Deployments;
using Nyala.Server.Events;
using Nyala.Server.Http;
using Nyala.Server.Sources;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Fetch;

/// <summary><c>POST /deploy</c>: deploys a commit of a repository that is elsewhere, on request or on a push there.</summary>
internal static class FetchEndpoints
{
    private const string Title = "This deployment is refused";

    /// <summary>GitHub's own limit; a push of many commits is longer than an event may be here.</summary>
    private const int MaxBody = 25 * 1024 * 1024;

    public static void MapFetch(this IEndpointRouteBuilder app) => app.MapAtEverySite("Deploying", group => group
        .MapPost("/deploy", DeployAsync)
        .NeedsScope(Scopes.Deploy)
        .WithSummary("Deploy a commit from a repository elsewhere")
        .WithDescription(
            "Takes `{\"format\":\"basic\",\"url\":\"https://host/repository.git#commit-or-branch\"}`, and the web hooks of GitHub, GitLab and Bitbucket Cloud for a push, as "
            + "JSON or in the form field `payload`. Without a fragment the site's branch is deployed. A push is answered at once with 202, and waits while another deployment is in "
            + "progress: the newest one does. What is no push of the site's branch is answered with 200 and a text that says why nothing is deployed. The first form is answered once "
            + "the deployment has ended; with `?isAsync=true` or `Prefer: respond-async` with 202 as soon as it has begun.")
        .Produces<Deployment>()
        .Produces<Deployment>(StatusCodes.Status202Accepted)
        .Produces<string>(StatusCodes.Status200OK, "text/plain")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity));

    private static async Task<IResult> DeployAsync(string? isAsync, HttpContext http, SiteFinder sites, FetchDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        string? name = http.Scope().Site;
        if (await sites.FindAsync(name, cancellationToken) is not { } site)
        {
            return Refusal.NotFound("There is no such site", SiteFinder.Missing(name));
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaxBody;
        }

        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        if (!PushBody.TryRead(body, http.Request.ContentType, out JsonFields fields, out string reason))
        {
            return Refusal.BadRequest(Title, reason);
        }

        switch (PushSources.Read(new PushRequest(fields, site.Branch, header => http.Request.Headers[header] is [{ } value] ? value : null)))
        {
            case PushReading.Nothing nothing:
                return TypedResults.Text(nothing.Why + "\n", "text/plain", Encoding.UTF8);
            case PushReading.Malformed malformed:
                return Refusal.BadRequest(Title, malformed.Reason);
            case PushReading.Deploy deploy when RepositoryUrl.Parse(deploy.Payload.RepositoryUrl, out reason) is { } url:
                bool waits = !deploy.Payload.IsPush && !http.Request.PrefersAsync() && !(bool.TryParse(isAsync, out bool asked) && asked);
                FetchVerdict verdict = await desk.TakeAsync(site, deploy.Payload, url, TraceParent.Of(http.Request), cancellationToken);
                return await AnswerAsync(http, verdict, waits, clock, cancellationToken);
            case PushReading.Deploy:
                return Refusal.BadRequest(Title, reason);
            default:
                return Refusal.BadRequest(Title, "The body is of no form that is known. " + PushSources.Taken);
        }
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, FetchVerdict verdict, bool waits, TimeProvider clock, CancellationToken cancellationToken)
    {
        switch (verdict)
        {
            case FetchVerdict.Busy:
                return Refusal.Conflict("This site is being deployed", SiteGate.Busy);
            case FetchVerdict.Refused refused:
                return Refusal.Unprocessable("The repository cannot be fetched", refused.Reason);
            case FetchVerdict.Begun begun when waits:
                RunRecord ended = (await begun.Performance.Ended.WaitAsync(cancellationToken)).Run;
                return ended.Status == DeploymentStatus.Success
                    ? TypedResults.Json(DeploymentView.Show(ended, http.Scope().BaseUrl), NyalaJson.Wire.Deployment)
                    : Refusal.Unprocessable("The deployment failed", ended.StatusText);
            case FetchVerdict.Begun begun:
                return Accepted(http, begun.Performance.Run, clock);
            case FetchVerdict.Waits waiting:
                return Accepted(http, waiting.Run, clock);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<Deployment> Accepted(HttpContext http, RunRecord run, TimeProvider clock)
    {
        string time = clock.GetUtcNow().ToString("yyyy-MM-dd_HH-mm-ss", CultureInfo.InvariantCulture) + "Z";
        http.Response.Headers.Location = $"{http.Scope().BaseUrl}/deployments/latest?deployer={Uri.EscapeDataString(run.Deployer)}&time={time}";
        http.Response.Headers.RetryAfter = "2";
        return TypedResults.Json(DeploymentView.Show(run, http.Scope().BaseUrl), NyalaJson.Wire.Deployment, statusCode: StatusCodes.Status202Accepted);
    }
}

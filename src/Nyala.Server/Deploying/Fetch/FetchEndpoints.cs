using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Nyala.Client;
using Nyala.Server.Access;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Deployments;
using Nyala.Server.Events;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;
using Nyala.Server.Sources;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Fetch;

/// <summary><c>POST /deploy</c>: deploys a commit of another repository, on request or after a push there.</summary>
internal static class FetchEndpoints
{
    private const string Title = "Deployment refused";

    /// <summary>GitHub's own limit, in bytes. The hook of a push of many commits is longer than an event may be here.</summary>
    private const int MaxBody = 25 * 1024 * 1024;

    public static void MapFetch(this IEndpointRouteBuilder app) => app.MapAtEverySite("Deployments", group => group
        .MapPost("/deploy", DeployAsync)
        .NeedsScope(Scopes.Deploy)
        .WithSummary("Deploy from another repository")
        .WithDescription(
            "The body is `{\"format\":\"basic\",\"url\":\"https://host/repository.git#commit-or-branch\"}`, or the push hook of GitHub, GitLab or "
            + "Bitbucket Cloud, as JSON or in the form field `payload`. Without a fragment, the site's branch is deployed. The first form answers "
            + "when the deployment has ended, with 422 if it failed; with `?isAsync=true` or `Prefer: respond-async`, it answers 202 once it has "
            + "begun. A push hook is answered with 202 at once, and its deployment waits while another is in progress; of several that wait, only "
            + "the newest is deployed. If the branch has moved on since the push, its present commit is deployed, and the reported one is "
            + "superseded. Each delivery id is accepted once. A request that is no push of the site's branch is answered with 200 and a text that "
            + "says why nothing is deployed.")
        .TakesAsync()
        .Produces<Deployment>()
        .Produces<Deployment>(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .Produces<string>(StatusCodes.Status409Conflict, "text/plain")
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity));

    private static async Task<IResult> DeployAsync(HttpContext http, SiteFinder sites, FetchIntake intake, IdSource ids, CancellationToken cancellationToken)
    {
        long arrival = ids.Next();
        string? name = http.GetRequestSite().Site;
        if (await sites.FindAsync(name, cancellationToken) is not { } site)
        {
            return sites.Refuse(name);
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
            case ParsedPush.NoDeployment nothing:
                return TypedResults.Text(nothing.Why + "\n", "text/plain", Encoding.UTF8);
            case ParsedPush.Malformed malformed:
                return Refusal.BadRequest(Title, malformed.Reason);
            case ParsedPush.Deploy deploy when RepositoryUrl.Parse(deploy.Payload.RepositoryUrl, out reason) is { } url:
                var order = new FetchOrder(site, deploy.Payload, url, Caller.ActorOf(http), TraceParent.Of(http.Request), arrival);
                return await TakeAsync(http, intake, order, cancellationToken);
            case ParsedPush.Deploy:
                return Refusal.BadRequest(Title, reason);
            default:
                return Refusal.BadRequest(Title, "The format of the body is not supported. " + PushSources.AcceptedForms);
        }
    }

    private static async Task<IResult> TakeAsync(HttpContext http, FetchIntake intake, FetchOrder order, CancellationToken cancellationToken)
    {
        try
        {
            return await AnswerAsync(http, await intake.TakeAsync(order, cancellationToken), order.Payload.IsPush, cancellationToken);
        }
        catch (GitMissingException error)
        {
            return TypedResults.Problem(error.Message, title: "The repository cannot be fetched", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, FetchVerdict verdict, bool isPush, CancellationToken cancellationToken) => verdict switch
    {
        FetchVerdict.Busy busy => DeploymentResponse.Busy(busy.Text),
        FetchVerdict.Stopping => TypedResults.Problem(Shutdown.Refusal, title: Title, statusCode: StatusCodes.Status503ServiceUnavailable),
        FetchVerdict.Refused refused => Refusal.Unprocessable("The repository cannot be fetched", refused.Reason),
        FetchVerdict.Started begun when isPush => DeploymentResponse.Accepted(http, begun.RunningDeployment.Run),
        FetchVerdict.Started begun => await DeploymentResponse.OfAsync(http, begun.RunningDeployment, cancellationToken),
        FetchVerdict.Queued waiting => DeploymentResponse.Accepted(http, waiting.Waiting),
        FetchVerdict.Duplicate repeated => Said(http, repeated.Of, StatusCodes.Status200OK, Explain(repeated)),
        FetchVerdict.Superseded { Taken: { } taken } superseded => Said(http, taken, StatusCodes.Status202Accepted, superseded.Why),
        FetchVerdict.Superseded superseded => TypedResults.Text(superseded.Why + "\n", "text/plain", Encoding.UTF8),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static ContentHttpResult Said(HttpContext http, RunRecord run, int status, string text)
    {
        http.Response.Headers.Location = DeploymentView.Url(run, http.GetRequestSite().BaseUrl);
        return TypedResults.Text(text + "\n", "text/plain", Encoding.UTF8, status);
    }

    private static string Explain(FetchVerdict.Duplicate repeated)
    {
        RunRecord run = repeated.Of;
        string state = run.Ended is null ? "is in progress" : run.Status == DeploymentStatus.Success ? "succeeded" : $"failed: {run.StatusText}";
        return $"This delivery was already accepted: deployment {run.Deployment}, run {run.Number}, {state.TrimEnd('.')}. "
            + $"To deploy it again, run `nyala deployments redeploy {run.Deployment} --site {run.Site}`.";
    }
}

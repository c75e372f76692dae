using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Audit;
using Nyala.Server.Events;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary><c>/api/deployments</c>: records, lists, shows and removes deployments. The format is what Kudu's clients expect.</summary>
internal static class DeploymentEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;
    private const string SiteCreated = "Nyala-Site-Created";

    public static void MapDeployments(this IEndpointRouteBuilder app) => app.MapAtEverySite("Deployments", group =>
    {
        group.MapGet("/deployments", ListAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("List deployments")
            .WithDescription("Newest first. Shows each deployment once, by its newest run, as Kudu does; `?runs=all` lists every run. `before` is a time.")
            .Produces<IReadOnlyList<Deployment>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/deployments/latest", LatestAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("Read the latest deployment")
            .WithDescription("Returns 202 with the deployment in progress, else 200 with the one that ended last.")
            .Produces<Deployment>()
            .Produces<Deployment>(StatusCodes.Status202Accepted)
            .Produces<KuduMessage>(StatusCodes.Status404NotFound);
        group.MapGet("/deployments/{id}", GetAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("Read a deployment")
            .WithDescription("Reads the newest run, or the run with the number `?run=`.")
            .Produces<Deployment>()
            .Produces<KuduMessage>(StatusCodes.Status404NotFound);
        group.MapGet("/deployments/{id}/runs", RunsAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("List the runs of a deployment")
            .WithDescription("Newest first. `before` is the number of a run. A `Link` header with `rel=\"next\"` leads to older entries.")
            .Produces<IReadOnlyList<Deployment>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .Produces<KuduMessage>(StatusCodes.Status404NotFound);
        group.MapPut("/deployments/{id}", ReportAsync)
            .NeedsScope(Scopes.Deploy)
            .WithSummary("Report a deployment, or redeploy it")
            .WithDescription(
                "Status 0 to 2 reports a run in progress; 3 (failed) or 4 (success) ends it and raises `PostDeployment`. Answers once the event "
                + "is on disk and each first attempt has ended, or 10 s have passed; with `?isAsync=true` or `Prefer: respond-async`, once it is on "
                + "disk. An empty body, or one with only `clean` or `needFileUpdate`, deploys the commit or zip again and is answered like a zip "
                + "deployment. A report to an unknown site creates it, which the header `Nyala-Site-Created` says.")
            .Takes<DeploymentReport>()
            .TakesAsync()
            .Produces<Deployment>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .Produces<KuduMessage>(StatusCodes.Status409Conflict)
            .Produces<KuduMessage>(StatusCodes.Status404NotFound);
        group.MapDelete("/deployments/{id}", RemoveAsync)
            .NeedsScope(Scopes.Deploy)
            .WithSummary("Remove a deployment and its log")
            .WithDescription("Returns 409 if it is in progress, active, or what the site runs.")
            .Produces(StatusCodes.Status204NoContent)
            .Produces<KuduMessage>(StatusCodes.Status404NotFound)
            .Produces<KuduMessage>(StatusCodes.Status409Conflict);
    });

    private static async Task<IResult> ListAsync(HttpContext http, DeploymentReads deployments, string? limit, string? before, string? runs, CancellationToken cancellationToken)
    {
        const string Title = "Invalid query";
        if (runs is not (null or "all"))
        {
            return Refusal.BadRequest(Title, "'runs' must be all, which lists every run. If you leave it out, only the newest run of each deployment is listed.");
        }

        int most = DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, out most) || most is < 1 or > MaxLimit))
        {
            return Refusal.BadRequest(Title, $"'limit' must be a whole number from 1 to {MaxLimit}.");
        }

        DateTimeOffset end = DateTimeOffset.MaxValue;
        if (before is not null && !KuduTime.TryParse(before, out end))
        {
            return Refusal.BadRequest(Title, "'before' must be an ISO 8601 time, for example 2026-02-27T17:45:06Z.");
        }

        RequestSite requestSite = http.GetRequestSite();
        bool every = runs is not null;
        IReadOnlyList<RunRecord> found = await deployments.ListAsync(requestSite.Site, every, most, end, cancellationToken);
        return new JsonWithETag<IReadOnlyList<Deployment>>([.. found.Select(run => DeploymentView.Show(run, requestSite.BaseUrl, byNumber: every))], NyalaJson.Wire.IReadOnlyListDeployment);
    }

    private static async Task<IResult> LatestAsync(HttpContext http, DeploymentReads deployments, string? deployer, string? time, CancellationToken cancellationToken)
    {
        RequestSite requestSite = http.GetRequestSite();
        DateTimeOffset since = DateTimeOffset.MinValue;
        if (time is not null && !KuduTime.TryParse(time, out since))
        {
            return Refusal.BadRequest("Invalid query", "'time' must be an ISO 8601 time, for example 2026-02-27T17:45:06Z, as in the Location header of an asynchronous deployment.");
        }

        if (await deployments.LatestAsync(requestSite.Site, deployer, since, cancellationToken) is not { } run)
        {
            return NotFound("latest");
        }

        if (run.Ended is null)
        {
            http.Response.Headers.Location = $"{requestSite.BaseUrl}/deployments/latest{http.Request.QueryString}";
            http.Response.Headers.RetryAfter = "2";
            return TypedResults.Json(DeploymentView.Show(run, requestSite.BaseUrl), NyalaJson.Wire.Deployment, statusCode: StatusCodes.Status202Accepted);
        }

        return new JsonWithETag<Deployment>(DeploymentView.Show(run, requestSite.BaseUrl), NyalaJson.Wire.Deployment);
    }

    private static async Task<IResult> GetAsync(string id, string? run, HttpContext http, DeploymentReads deployments, CancellationToken cancellationToken)
    {
        RequestSite requestSite = http.GetRequestSite();
        FoundRun found = await deployments.FindRunAsync(requestSite.Site, id, run, cancellationToken);
        return found.Run is null
            ? found.Refusal
            : new JsonWithETag<Deployment>(DeploymentView.Show(found.Run, requestSite.BaseUrl, found.IsNamed), NyalaJson.Wire.Deployment);
    }

    private static async Task<IResult> RunsAsync(
        string id, string? limit, string? before, HttpContext http, DeploymentReads deployments, CancellationToken cancellationToken)
    {
        if (!Paging.TryRead(limit, before, out Paging page, out _))
        {
            return Refusal.BadRequest("Invalid query", $"'limit' must be a whole number from 1 to {Paging.MaxLimit}, and 'before' must be the number of a run.");
        }

        RequestSite requestSite = http.GetRequestSite();
        return await deployments.RunsAsync(requestSite.Site, id, page, cancellationToken) is { } found
            ? TypedResults.Json([.. Paging.WithNextLink(http, found).Select(run => DeploymentView.Show(run, requestSite.BaseUrl, byNumber: true))], NyalaJson.Wire.IReadOnlyListDeployment)
            : NotFound(id);
    }

    private static async Task<IResult> ReportAsync(string id, HttpContext http, ReportRecorder recorder, IRedeployer redeployer, NyalaOptions options, CancellationToken cancellationToken)
    {
        const string Title = "Invalid report";
        if (!DeploymentId.IsValid(id))
        {
            return Refusal.BadRequest(Title, $"A deployment id must be {DeploymentId.Rule}.");
        }

        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        if (body.Length == 0)
        {
            return await redeployer.RedeployAsync(http, id, cancellationToken);
        }

        if (!RequestBody.TryReadObject(body, out JsonFields fields, out string reason))
        {
            return Refusal.BadRequest(Title, reason);
        }

        if (RedeployForm.IsRedeploy(fields))
        {
            return RedeployForm.Refuses(fields) ?? await redeployer.RedeployAsync(http, id, cancellationToken);
        }

        if (!fields.Has("status"))
        {
            return Refusal.BadFields(Title, [new FieldError("status", "'status' is missing. Set it to 3 (failed), 4 (success), or 0 to 2 (in progress). To redeploy, send an empty body.")]);
        }

        if (ReportForm.Read(fields) is not { } report)
        {
            return Refusal.BadFields(Title, fields.Errors);
        }

        RequestSite requestSite = http.GetRequestSite();
        TimeSpan wait = http.Request.PrefersAsync() ? TimeSpan.Zero : options.Delivery.PublishWait;
        ReportVerdict verdict = await recorder.ReportAsync(
            requestSite.Site ?? options.Sites.Default, id, report with { Token = Credentials.TokenIn(http.Request.Headers.Authorization) }, TraceParent.Of(http.Request), wait, cancellationToken);
        if (verdict is ReportVerdict.Write { SiteIsNew: true } write)
        {
            // A mistyped name creates a site too, so the reporter must be able to see it.
            http.Response.Headers[SiteCreated] = write.Run.Site;
        }

        return Answer(verdict, id, requestSite);
    }

    private static IResult Answer(ReportVerdict verdict, string id, RequestSite requestSite) => verdict switch
    {
        ReportVerdict.Write write => TypedResults.Json(DeploymentView.Show(write.Run, requestSite.BaseUrl), NyalaJson.Wire.Deployment),
        ReportVerdict.Repeat repeat => TypedResults.Json(DeploymentView.Show(repeat.Run, requestSite.BaseUrl), NyalaJson.Wire.Deployment),
        ReportVerdict.Exists => Refusal.Kudu(StatusCodes.Status409Conflict, $"Deployment with id '{id}' exists"),
        ReportVerdict.FailedActive => Refusal.Kudu(StatusCodes.Status400BadRequest, "Only successful status can be active!"),
        ReportVerdict.Missing missing => Refusal.BadFields(
            "Invalid report",
            [.. missing.Fields.Select(field => new FieldError(field, $"'{field}' is missing. The first report of a run must contain message, deployer and author."))]),
        ReportVerdict.EndsBeforeStart => Refusal.BadFields("Invalid report", [new FieldError("end_time", "'end_time' is before the start of the run.")]),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static async Task<IResult> RemoveAsync(
        string id, HttpContext http, DeploymentReads deployments, IStore store, AuditLog audit, CancellationToken cancellationToken)
    {
        if (await deployments.FindAsync(http.GetRequestSite().Site, id, cancellationToken) is not { } found)
        {
            return NotFound(id);
        }

        Actor actor = Caller.ActorOf(http);
        return await store.WriteAsync<IResult>(tables =>
        {
            switch (tables.Runs.FindLatest(found.Site, found.Deployment))
            {
                case null:
                    return NotFound(id);
                case { Ended: null }:
                    return Refusal.Kudu(StatusCodes.Status409Conflict, $"Deployment '{id}' is in progress. It can be removed after it has ended.");
                case RunRecord when tables.Runs.Active(found.Site)?.Deployment == found.Deployment:
                    return Refusal.Kudu(StatusCodes.Status409Conflict, $"Deployment '{id}' is the active one. It can be removed after another one becomes active.");
                case RunRecord when tables.Runs.Succeeded(found.Site, limit: 1) is [RunRecord live] && live.Deployment == found.Deployment && tables.Sites.Find(found.Site)?.Created <= live.Received:
                    return Refusal.Kudu(StatusCodes.Status409Conflict, $"Deployment '{id}' cannot be removed, because the site runs its files. It can be removed after another deployment to this site.");
                default:
                    tables.Runs.Remove(found.Site, found.Deployment);
                    audit.Note(tables, actor, AuditActions.DeploymentRemoved, found.Deployment, found.Site);
                    return TypedResults.NoContent();
            }
        });
    }

    internal static IResult NotFound(string id) => Refusal.Kudu(StatusCodes.Status404NotFound, $"Deployment '{id}' not found.");
}

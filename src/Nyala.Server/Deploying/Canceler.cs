using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Deploying.Fetch;
using Nyala.Server.Deployments;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>Cancels deployments on request: those in progress on this server, and those that wait for their turn.</summary>
internal sealed class Canceler(DeploymentReads deployments, RunningDeployments running, FetchQueue queue)
{
    /// <summary>
    /// Cancels a deployment: its waiting run if it has one, otherwise its run in progress. The run ends as failed and raises the usual event. The response is
    /// sent when the run has ended.
    /// </summary>
    public async Task<IResult> CancelAsync(HttpContext http, string id, CancellationToken cancellationToken)
    {
        RequestSite requestSite = http.GetRequestSite();
        if (await deployments.FindAsync(requestSite.Site, id, cancellationToken) is not { } run)
        {
            return Refusal.Kudu(StatusCodes.Status404NotFound, $"Deployment '{id}' not found.");
        }

        Actor actor = Caller.ActorOf(http);
        RunRecord? ended = await queue.WithdrawAsync(run, actor);
        if (ended is null && running.Find(run.Site, run.Deployment) is { } deployment && deployment.Cancellation.Request(actor))
        {
            ended = (await deployment.Ended.WaitAsync(cancellationToken)).Run;
        }

        return ended is { Status: Client.DeploymentStatus.Failed }
            ? TypedResults.Json(DeploymentView.Show(ended, requestSite.BaseUrl), NyalaJson.Wire.Deployment)
            : Refusal.Kudu(StatusCodes.Status409Conflict, $"Deployment '{id}' {Why(run)}");
    }

    private static string Why(RunRecord run) =>
        run.Ended is not null ? "has already ended."
        : run.Performed ? "is starting or ending, and cannot be canceled right now."
        : "runs elsewhere and is only reported here. Stop it where it runs, or report its end.";
}

using Nyala.Client.Json;
using Nyala.Server.Deploying.Fetch;
using Nyala.Server.Deployments;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>Ends deployments that this server performs, or that wait for their turn, because somebody says so.</summary>
internal sealed class Canceler(DeploymentLookup lookup, Performances performances, FetchLine line)
{
    /// <summary>Ends the newest run of a deployment as failed. The answer comes at its end, which fires as any other.</summary>
    public async Task<IResult> CancelAsync(HttpContext http, string id, CancellationToken cancellationToken)
    {
        SiteScope scope = http.Scope();
        switch (await lookup.FindAsync(scope.Site, id, cancellationToken))
        {
            case null:
                return Refusal.Kudu(StatusCodes.Status404NotFound, $"Deployment '{id}' not found.");
            case { Ended: not null }:
                return Refusal.Kudu(StatusCodes.Status409Conflict, $"Deployment '{id}' has ended: there is nothing to cancel.");
            case { Performed: false }:
                return Refusal.Kudu(StatusCodes.Status409Conflict, $"Deployment '{id}' is performed elsewhere and only reported here: end it where it runs, or report its end.");
            case RunRecord run:
                RunRecord? ended = await EndAsync(run, Caller.ActorOf(http), cancellationToken);
                return ended is { Status: Client.DeploymentStatus.Failed }
                    ? TypedResults.Json(DeploymentView.Show(ended, scope.BaseUrl), NyalaJson.Wire.Deployment)
                    : Refusal.Kudu(StatusCodes.Status409Conflict, $"Deployment '{id}' is just beginning, or just ending, and cannot be canceled at this moment.");
        }
    }

    private async Task<RunRecord?> EndAsync(RunRecord run, Actor actor, CancellationToken cancellationToken)
    {
        if (await line.WithdrawAsync(run, actor) is { } withdrawn)
        {
            return withdrawn;
        }

        return performances.Find(run.Id) is { } performance && performance.Cancellation.Request(actor)
            ? (await performance.Ended.WaitAsync(cancellationToken)).Run
            : null;
    }
}

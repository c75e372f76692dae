using System.Globalization;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;
using Nyala.Server.Secrets;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary><c>/api/deployments/{id}/log</c>: reads the log of a deployment, and appends to it.</summary>
internal static class DeploymentLogEndpoints
{
    public static void MapDeploymentLogs(this IEndpointRouteBuilder app) => app.MapAtEverySite("Deployments", group =>
    {
        group.MapGet("/deployments/{id}/log", ReadAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("Read the log of a deployment")
            .WithDescription("Reads the newest run, or the run with the number `?run=`.")
            .Produces<IReadOnlyList<LogEntry>>()
            .Produces<KuduMessage>(StatusCodes.Status404NotFound);
        group.MapGet("/deployments/{id}/log/{logId}", ReadDetailsAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("Read the details of a log entry")
            .Produces<IReadOnlyList<LogEntry>>()
            .Produces<KuduMessage>(StatusCodes.Status404NotFound);
        group.MapPost("/deployments/{id}/log", AppendAsync)
            .NeedsScope(Scopes.Deploy)
            .WithSummary("Append to the log of a deployment")
            .WithDescription(
                "The body is a JSON array of lines, or plain text. `?run=` is the key that the reporter gave the run, not its number; default: "
                + "the newest run. Appending also shows that the deployer is alive. Values of the site's settings and tokens are masked with `***`.")
            .Takes<IReadOnlyList<LogLine>>()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .Produces<KuduMessage>(StatusCodes.Status404NotFound);
    });

    private static async Task<IResult> ReadAsync(
        string id, string? run, HttpContext http, DeploymentReads deployments, LogReader log, CancellationToken cancellationToken)
    {
        RequestSite requestSite = http.GetRequestSite();
        FoundRun found = await deployments.FindRunAsync(requestSite.Site, id, run, cancellationToken);
        if (found.Run is null)
        {
            return found.Refusal;
        }

        return Entries(log.ReadAsync(found.Run.Id, cancellationToken), found, requestSite);
    }

    private static async Task<IResult> ReadDetailsAsync(
        string id, string logId, string? run, HttpContext http, DeploymentReads deployments, LogReader log, CancellationToken cancellationToken)
    {
        RequestSite requestSite = http.GetRequestSite();
        FoundRun found = await deployments.FindRunAsync(requestSite.Site, id, run, cancellationToken);
        if (found.Run is null)
        {
            return found.Refusal;
        }

        bool isNumber = long.TryParse(logId, NumberStyles.None, CultureInfo.InvariantCulture, out long seq);
        return isNumber && await log.HasAsync(found.Run.Id, seq, cancellationToken)
            ? Entries(log.ReadDetailsAsync(found.Run.Id, seq, cancellationToken), found, requestSite)
            : Refusal.Kudu(StatusCodes.Status404NotFound, $"LogId '{logId}' was not found in Deployment '{id}'.");
    }

    private static async Task<IResult> AppendAsync(
        string id, string? run, HttpContext http, DeploymentReads deployments, SiteMasks masks, RunLogs log, LogNotifier notifier, IStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        if (LogForm.Read(body, http.Request.ContentType, out string reason) is not { } lines)
        {
            return Refusal.BadRequest("Invalid log", reason);
        }

        if (await deployments.FindAsync(http.GetRequestSite().Site, id, cancellationToken) is not { } latest)
        {
            return DeploymentEndpoints.NotFound(id);
        }

        TextMask mask = (await masks.OfAsync(latest.Site, cancellationToken)).With(Credentials.TokenIn(http.Request.Headers.Authorization));
        long? appended = null;
        foreach (LogBatch piece in log.Collect(mask, lines).Pieces())
        {
            appended = await store.WriteAsync(tables => Append(tables, latest, run, log, piece, clock.GetUtcNow()));
            if (appended is not { } grown)
            {
                return Refusal.Kudu(StatusCodes.Status404NotFound, $"Deployment '{id}' has no run '{run}'.");
            }

            notifier.Notify(grown);
        }

        return TypedResults.NoContent();
    }

    /// <summary>Appends a piece of the lines. Returns the id of the run, or null if the run does not exist.</summary>
    private static long? Append(ITables tables, RunRecord latest, string? key, RunLogs log, LogBatch piece, DateTimeOffset now)
    {
        RunRecord? addressed = key is null
            ? tables.Runs.FindLatest(latest.Site, latest.Deployment)
            : tables.Runs.FindByKey(latest.Site, latest.Deployment, key);
        if (addressed is null)
        {
            return null;
        }

        tables.Runs.Touch(addressed.Id, now);
        log.Append(tables, addressed.Id, piece, now);
        return addressed.Id;
    }

    private static IResult Entries(IAsyncEnumerable<LogRecord> entries, FoundRun found, RequestSite requestSite) =>
        new JsonStream<LogEntry>(entries.Select(entry => DeploymentView.Show(entry, found.Run!, requestSite.BaseUrl, found.IsNamed)), NyalaJson.Wire.LogEntry);
}

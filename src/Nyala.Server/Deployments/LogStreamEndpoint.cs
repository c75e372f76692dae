using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary><c>GET /api/deployments/{id}/log/stream</c>: streams the log as server-sent events until the run has ended.</summary>
internal static class LogStreamEndpoint
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    public static void MapLogStream(this IEndpointRouteBuilder app) => app.MapAtEverySite("Deployments", group =>
        group.MapGet("/deployments/{id}/log/stream", StreamAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("Follow the log of a deployment until it ends")
            .WithDescription(
                "Follows the newest run, or the run with the number `?run=`. Server-sent events: `log` carries an entry of the log, with its "
                + "number as the event id; `end` carries the deployment, last. `Last-Event-ID` or `?after=` resumes after an entry. After "
                + "15 s without an entry, an empty `message` event keeps the connection alive.")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .Produces<KuduMessage>(StatusCodes.Status404NotFound));

    private static async Task<IResult> StreamAsync(
        string id, string? after, string? run, HttpContext http, DeploymentReads deployments, RunFollower follower, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        string? from = http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : after;
        long seen = 0;
        if (from is not null && !long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out seen))
        {
            return Refusal.BadRequest("Invalid query", "'after' or Last-Event-ID must be the number of a log entry.");
        }

        RequestSite requestSite = http.GetRequestSite();
        FoundRun found = await deployments.FindRunAsync(requestSite.Site, id, run, cancellationToken);
        if (found.Run is null)
        {
            return found.Refusal;
        }

        // Asks proxies not to buffer the response.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(EventsAsync(http.Response, follower, found, seen, requestSite.BaseUrl, lifetime.ApplicationStopping, cancellationToken));
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        HttpResponse response, RunFollower follower, FoundRun found, long after, string baseUrl, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The client gets the headers at once, even if the log has no entries yet.
        await response.Body.FlushAsync(cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        await using IAsyncEnumerator<RunUpdate> all = follower.FollowAsync(found.Run!, after, Quiet, either.Token).GetAsyncEnumerator(CancellationToken.None);
        while (await MovesNextAsync(all))
        {
            RunUpdate news = all.Current;
            foreach (LogRecord entry in news.Entries)
            {
                LogEntry shown = DeploymentView.Show(entry, found.Run!, baseUrl, found.IsNamed);
                yield return Event("log", shown, NyalaJson.Wire.LogEntry) with { EventId = entry.Seq.ToString(CultureInfo.InvariantCulture) };
            }

            if (news.Ended is { } ended)
            {
                yield return Event("end", DeploymentView.Show(ended, baseUrl, found.IsNamed), NyalaJson.Wire.Deployment);
            }
            else if (news == RunUpdate.None)
            {
                // Keeps the connection alive. The framework writes no comments, so this is a `message` event with empty data.
                yield return new SseItem<string>("");
            }
        }
    }

    /// <summary>
    /// Moves to the next item. Returns false at the end, or if the client disconnects or the server stops; a client that reconnects resumes after its last
    /// event.
    /// </summary>
    private static async Task<bool> MovesNextAsync(IAsyncEnumerator<RunUpdate> news)
    {
        try
        {
            return await news.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static SseItem<string> Event<T>(string type, T value, JsonTypeInfo<T> json) => new(JsonSerializer.Serialize(value, json), type);
}

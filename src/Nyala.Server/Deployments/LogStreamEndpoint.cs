using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary><c>GET /api/deployments/{id}/log/stream</c>: the log as it grows, as server-sent events, until the run has ended.</summary>
internal static class LogStreamEndpoint
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    public static void MapLogStream(this IEndpointRouteBuilder app) => app.MapAtEverySite("Deployments", group =>
        group.MapGet("/deployments/{id}/log/stream", StreamAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("Follow the log of a deployment's newest run, or of the one that ?run= names by its number, until it has ended")
            .WithDescription(
                "Server-sent events: `log` with an entry of the log, whose number is the event's id, and at last `end` with the deployment. "
                + "`Last-Event-ID`, or ?after=, goes on after an entry. A comment line every 15 s shows that the connection stands.")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .Produces<KuduMessage>(StatusCodes.Status404NotFound));

    private static async Task<IResult> StreamAsync(
        string id, string? after, string? run, HttpContext http, DeploymentLookup lookup, RunFollower follower, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        string? from = http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : after;
        long seen = 0;
        if (from is not null && !long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out seen))
        {
            return Refusal.BadRequest("This log is refused", "'after', or Last-Event-ID, must be the number of an entry.");
        }

        SiteScope scope = http.Scope();
        FoundRun found = await lookup.FindRunAsync(scope.Site, id, run, cancellationToken);
        if (found.Run is null)
        {
            return found.Refusal;
        }

        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";

        // Proxies that would gather the answer are asked not to.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            await foreach (RunNews news in follower.FollowAsync(found.Run, seen, Quiet, over.Token))
            {
                await http.Response.WriteAsync(Text(news, scope.BaseUrl, found), over.Token);
                await http.Response.Body.FlushAsync(over.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, or the server stops: who comes again goes on where this ended.
        }

        return TypedResults.Empty;
    }

    private static string Text(RunNews news, string baseUrl, FoundRun found)
    {
        if (news == RunNews.None)
        {
            return ": still here\n\n";
        }

        var text = new StringBuilder();
        foreach (LogRecord entry in news.Entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"event: log\nid: {entry.Seq}\n");
            Append(text, DeploymentView.Show(entry, found.Run!, baseUrl, found.IsNamed), NyalaJson.Wire.LogEntry);
        }

        if (news.Ended is { } ended)
        {
            text.Append("event: end\n");
            Append(text, DeploymentView.Show(ended, baseUrl, found.IsNamed), NyalaJson.Wire.Deployment);
        }

        return text.ToString();
    }

    // JSON is one line: a line end in a text is an escape.
    private static void Append<T>(StringBuilder text, T value, JsonTypeInfo<T> type) =>
        text.Append("data: ").Append(JsonSerializer.Serialize(value, type)).Append("\n\n");
}

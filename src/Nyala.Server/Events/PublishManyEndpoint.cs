using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;
using Nyala.Server.Storage;

namespace Nyala.Server.Events;

/// <summary><c>POST /api/hooks/publish</c>: publishes the events of many lines, all or none.</summary>
internal static class PublishManyEndpoint
{
    private const string Refused = "Events refused";
    private const string Form = """{"event": "TYPE", "key": "IDEMPOTENCY KEY", "body": JSON}""";

    public static void MapPublishMany(this RouteGroupBuilder group) => group.MapPost("/hooks/publish", PublishAsync)
        .NeedsScope(Scopes.Hooks | Scopes.Deploy)
        .WithSummary("Publish many events")
        .WithDescription(
            "The body is NDJSON: on each line, an object with the fields `event` (the type), `body` (any JSON of at most 1 MiB, which receivers get byte for byte), "
            + "and optionally `key` (an idempotency key). A request with more than 1,000 events, 8 MiB or 50,000 deliveries is 413. If any line is refused, none is "
            + "stored, and `lines` in the problem names the refused ones, at most 20. Otherwise all events are stored in one transaction, and the response has an "
            + "entry for each line that is not blank, in order. `outcome` is `accepted`, `replayed` or `mismatch` (whose `event_id` is null): keys, hooks, filters "
            + "and `Nyala-Chain` work as for a single event. Returns 200 once each first attempt has ended, or 10 s have passed; with `Prefer: respond-async`, 202 "
            + "once the events are on disk.")
        .TakesLines<PublishRequestLine>()
        .Produces<IReadOnlyList<PublishedLine>>()
        .Produces<IReadOnlyList<PublishedLine>>(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status508LoopDetected);

    private static async Task<IResult> PublishAsync(HttpContext http, Publisher publisher, NyalaOptions options, CancellationToken cancellationToken)
    {
        int? chain = ChainRule.Read(http.Request.Headers[ChainRule.Header]);
        if (http.Request.Headers.ContainsKey(IdempotencyKey.Header))
        {
            return Refusal.BadRequest(Refused, $"{IdempotencyKey.Header} is a header of a request with one event. Here, each line can have its own 'key'.");
        }

        if (PublishEndpoints.RefuseChain(chain) is { } loop)
        {
            return loop;
        }

        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = EventLines.MaxSize;
        EventLines lines;
        try
        {
            lines = EventLines.Read(await RequestBody.ReadBytesAsync(http.Request, cancellationToken), options.Delivery.EventLimit);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge($"The request is larger than {EventLines.MaxSize} bytes. Distribute the lines over several requests.");
        }

        if (Refuse(lines) is { } refusal)
        {
            return refusal;
        }

        string site = http.GetRequestSite().Site ?? options.Sites.Default;
        string? trace = TraceParent.Of(http.Request);
        bool wait = !http.Request.PrefersAsync();
        IReadOnlyList<AcceptResult> results = await publisher.PublishManyAsync(
            [
                .. lines.Events.Select(line => (
                    new NewEvent(line.Type, site, line.Body) { Chain = chain!.Value + 1, Trace = trace },
                    line.Key is null ? null : IdempotencyKey.Of(line.Key, line.Type, line.Body))),
            ],
            wait ? options.Delivery.PublishWait : TimeSpan.Zero,
            cancellationToken);
        if (results[0].Outcome == AcceptOutcome.TooManyDeliveries)
        {
            return TooManyDeliveries();
        }

        http.Response.StatusCode = wait ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        return new JsonStream<PublishedLine>(lines.Events.Zip(results, Describe).ToAsyncEnumerable(), NyalaJson.Wire.PublishedLine);
    }

    private static ProblemHttpResult? Refuse(EventLines lines) =>
        lines.TooMany ? TooLarge($"The request has more than {EventLines.MaxCount} events. Distribute their lines over several requests.")
        : lines.RefusedCount > 0 ? RefuseLines(lines)
        : lines.Events.Count == 0 ? Refusal.BadRequest(Refused, $"The request has no events. Send a line for each event: {Form}.")
        : null;

    private static ProblemHttpResult RefuseLines(EventLines lines)
    {
        int more = lines.RefusedCount - lines.Refused.Count;
        string described = string.Join(' ', lines.Refused.Select(line => $"Line {line.Number}: {line.Problem}"));
        string rest = more == 0 ? "" : more == 1 ? " One more line is refused." : $" {more} more lines are refused.";
        return TypedResults.Problem(
            $"Nothing was stored, because {(lines.RefusedCount == 1 ? "a line is" : $"{lines.RefusedCount} lines are")} refused. {described}{rest}",
            title: Refused,
            statusCode: lines.OnlyTooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest,
            extensions: [new("lines", lines.Refused.Select(line => new PublishedLine { Line = line.Number, Outcome = "refused", Problem = line.Problem }).ToArray())]);
    }

    private static ProblemHttpResult TooLarge(string detail) => TypedResults.Problem(
        detail + $" One request can have at most {EventLines.MaxCount} events and {EventLines.MaxSize} bytes. Nothing was stored.",
        title: Refused,
        statusCode: StatusCodes.Status413PayloadTooLarge);

    private static ProblemHttpResult TooManyDeliveries() => TypedResults.Problem(
        $"The hooks that match would get more than {IQueue.MaxDeliveries} deliveries of these events together, the maximum for one request. Nothing was stored. "
        + "Distribute the lines over several requests. A request with one event has no such limit.",
        title: Refused,
        statusCode: StatusCodes.Status413PayloadTooLarge);

    private static PublishedLine Describe(EventLine line, AcceptResult result) => result.Outcome == AcceptOutcome.Mismatch
        ? new PublishedLine
        {
            Line = line.Number,
            Outcome = "mismatch",
            Problem = "This key was used in the last 24 hours for an event with another type or body. Send that event again, or use a new key for this one.",
        }
        : new PublishedLine
        {
            Line = line.Number,
            EventId = result.Event.ToString(CultureInfo.InvariantCulture),
            Outcome = result.Outcome == AcceptOutcome.Replayed ? "replayed" : "accepted",
        };
}

using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Delivery;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.History;

/// <summary><c>GET /api/events</c>: searches and shows accepted events and their deliveries.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder app) => app.MapAtEverySite("Events", group =>
    {
        group.MapGet("/events", ListAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("Find events")
            .WithDescription(
                "Newest first. Every field that you set must match. `since` and `until` limit when the event was accepted: a time in ISO 8601, or "
                + "how long ago, such as `2h`. A `Link` header with `rel=\"next\"` leads to older entries. A search examines a bounded number of rows "
                + "for each page, so a page may be short or empty although there is a next one.")
            .Produces<IReadOnlyList<RecordedEvent>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/events/{id}", GetAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("Read an event with its body and newest deliveries")
            .WithDescription("At a site, shows only the deliveries to that site's hooks. The body is shown only to tokens with the scope `hooks` or `admin`.")
            .Produces<RecordedEvent>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    });

    private static async Task<IResult> ListAsync(
        HttpContext http, string? type, string? deployment, string? since, string? until, string? limit, string? before, HistoryReads history, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var form = new HistoryQuery(clock.GetUtcNow());
        Paging page = form.Page(limit, before);
        var query = new EventQuery
        {
            Type = string.IsNullOrEmpty(type) ? null : type,
            Deployment = string.IsNullOrEmpty(deployment) ? null : deployment,
            Site = http.GetRequestSite().Site,
            Accepted = form.Period(since, until),
            Before = page.Before,
            Limit = page.Limit,
        };
        if (form.Errors.Count > 0)
        {
            return Refusal.BadFields("Invalid query", form.Errors);
        }

        Page<EventHead> found = await history.EventsAsync(query, cancellationToken);
        return TypedResults.Json([.. Paging.WithNextLink(http, found).Select(DeliveryView.Show)], NyalaJson.Wire.IReadOnlyListRecordedEvent);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, HistoryReads history, DeliveryView view, CancellationToken cancellationToken)
    {
        RequestSite requestSite = http.GetRequestSite();
        Caller caller = Caller.Of(http);
        if (new HistoryQuery(default).Id("id", id) is not { } number
            || await history.EventAsync(requestSite.Site, number, caller.SeesContents, cancellationToken) is not { } found)
        {
            return Refusal.NotFound(
                "Event not found", "There is no event with this id here. Events are kept as long as their deliveries (Delivery:Retention). To list the events, use GET /api/events.");
        }

        (string Text, bool IsBase64)? body = found.Body is { } bytes ? WireText.Of(bytes) : null;
        RecordedEvent shown = DeliveryView.Show(found.Head) with
        {
            Body = body?.Text,
            BodyIsBase64 = body?.IsBase64,
            Deliveries = [.. found.Deliveries.Select(delivery => view.Show(delivery, caller))],
            DeliveriesUrl = $"{requestSite.BaseUrl}/deliveries?event={found.Head.Id}",
        };
        return TypedResults.Json(shown, NyalaJson.Wire.RecordedEvent);
    }
}

using System.Globalization;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Delivery;
using Nyala.Server.Hooks;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.History;

/// <summary><c>GET /api/deliveries</c>: searches and shows deliveries and their outcomes.</summary>
internal static class DeliveryEndpoints
{
    private const string Searching =
        "Newest first. Every field that you set must match. `since` and `until` limit when the event was accepted: a time in ISO 8601, or how long ago, such as `2h`. "
        + "`state` is `pending`, `delivered`, `failed` or `gone`. A `Link` header with `rel=\"next\"` leads to older entries."
        + " A search examines a bounded number of rows for each page, so a page may be short or empty although there is a next one.";

    public static void MapDeliveries(this IEndpointRouteBuilder app) => app.MapAtEverySite("Deliveries", group =>
    {
        group.MapGet("/deliveries", ListAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("Find deliveries")
            .WithDescription(Searching)
            .Produces<IReadOnlyList<Client.Delivery>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/hooks/{id}/deliveries", OfHookAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("List a hook's deliveries")
            .WithDescription(Searching)
            .Produces<IReadOnlyList<Client.Delivery>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/deliveries/{id}", GetAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("Read a delivery with its body and attempts")
            .WithDescription("The id is the delivery's id or its `webhook-id`. The body, headers and answers are shown only to tokens with the scope `hooks` or `admin`.")
            .Produces<Client.Delivery>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    });

    /// <summary>Reads a delivery's id or its <c>webhook-id</c>.</summary>
    internal static bool TryReadId(string text, out long id) => long.TryParse(
        text.StartsWith(WebhookId.Prefix, StringComparison.Ordinal) ? text[WebhookId.Prefix.Length..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out id);

    /// <summary>Returns 404: the delivery does not exist, or belongs to another site.</summary>
    internal static IResult NoSuchDelivery() => Refusal.NotFound(
        "Delivery not found", "There is no delivery with this id here. Ended deliveries are kept for Delivery:Retention. To list the deliveries, use GET /api/deliveries.");

    private static Task<IResult> ListAsync(
        HttpContext http, string? hook, string? @event, string? type, string? deployment, string? state, string? since, string? until, string? limit,
        string? before, HistoryReads history, DeliveryView view, TimeProvider clock, CancellationToken cancellationToken)
    {
        var form = new HistoryQuery(clock.GetUtcNow());
        long? ofHook = form.Id("hook", hook);
        return SearchAsync(http, form, ofHook, @event, type, deployment, state, since, until, limit, before, history, view, cancellationToken);
    }

    private static async Task<IResult> OfHookAsync(
        string id, HttpContext http, string? @event, string? type, string? deployment, string? state, string? since, string? until, string? limit,
        string? before, HistoryReads history, DeliveryView view, TimeProvider clock, CancellationToken cancellationToken)
    {
        bool exists = HookEndpoints.TryReadId(id, out long number) && await history.KnowsHookAsync(http.GetRequestSite().Site, number, cancellationToken);
        return exists
            ? await SearchAsync(
                http, new HistoryQuery(clock.GetUtcNow()), number, @event, type, deployment, state, since, until, limit, before, history, view, cancellationToken)
            : HookEndpoints.NoSuchHook();
    }

    private static async Task<IResult> SearchAsync(
        HttpContext http, HistoryQuery form, long? hook, string? @event, string? type, string? deployment, string? state, string? since, string? until,
        string? limit, string? before, HistoryReads history, DeliveryView view, CancellationToken cancellationToken)
    {
        Paging page = form.Page(limit, before);
        var query = new DeliveryQuery
        {
            Hook = hook,
            Event = form.Id("event", @event),
            Type = NullIfEmpty(type),
            Deployment = NullIfEmpty(deployment),
            Site = http.GetRequestSite().Site,
            State = form.State(state, Enum.GetValues<DeliveryState>()),
            Accepted = form.Period(since, until),
            Before = page.Before,
            Limit = page.Limit,
        };
        if (form.Errors.Count > 0)
        {
            return Refusal.BadFields("Invalid query", form.Errors);
        }

        Page<DeliveryFacts> found = await history.DeliveriesAsync(query, cancellationToken);
        Caller caller = Caller.Of(http);
        return TypedResults.Json([.. Paging.WithNextLink(http, found).Select(facts => view.Show(facts, caller))], NyalaJson.Wire.IReadOnlyListDelivery);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, HistoryReads history, DeliveryView view, CancellationToken cancellationToken)
    {
        return TryReadId(id, out long number) && await history.DeliveryAsync(http.GetRequestSite().Site, number, cancellationToken) is { } found
            ? TypedResults.Json(view.Show(found.Facts, found.Body, found.Attempts, Caller.Of(http)), NyalaJson.Wire.Delivery)
            : NoSuchDelivery();
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

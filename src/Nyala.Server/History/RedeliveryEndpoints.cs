using System.Globalization;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Delivery;
using Nyala.Server.Hooks;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;
using Nyala.Server.Storage;

namespace Nyala.Server.History;

/// <summary>
/// Resends one delivery (<c>POST /api/deliveries/{id}/redeliver</c>), or many (<c>POST /api/hooks/{id}/redeliver</c>, <c>/api/redeliveries</c>).
/// </summary>
internal static class RedeliveryEndpoints
{
    private const string Refused = "Redelivery refused";

    private static readonly string[] Fields = ["since", "until", "state"];

    public static void MapRedeliveries(this IEndpointRouteBuilder app) => app.MapAtEverySite("Deliveries", group =>
    {
        group.MapPost("/deliveries/{id}/redeliver", RedeliverAsync)
            .NeedsScope(Scopes.Hooks)
            .WithSummary("Resend a delivery")
            .WithDescription(
                "Sends the same bytes under the same `webhook-id`, with a fresh retry schedule. The delivery must have ended; you may resend it "
                + "any number of times. Returns 200 when the attempt has ended, or 202 after 10 s; with `Prefer: respond-async`, 202 at once. With "
                + "202, the newest attempt shown is an earlier one.")
            .Produces<Client.Delivery>()
            .Produces<Client.Delivery>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/hooks/{id}/redeliver", BeginAsync)
            .NeedsScope(Scopes.Hooks)
            .WithSummary("Resend a hook's deliveries of a period")
            .WithDescription(
                "Resends the deliveries whose event was accepted from `since` to `until` and that are `failed`, or in the `state` you name: "
                + "`delivered` or `gone`. Times are in ISO 8601, or how long ago, such as `2h`; `until` defaults to now. The server works through "
                + "them in the background, also after a restart; `Location` shows the progress. A hook can have one bulk redelivery at a time.")
            .Takes<RedeliveryRequest>()
            .Produces<Redelivery>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapGet("/hooks/{id}/redeliveries", OfHookAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("List a hook's bulk redeliveries")
            .WithDescription("Newest first. A `Link` header with `rel=\"next\"` leads to older entries.")
            .Produces<IReadOnlyList<Redelivery>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/redeliveries/{id}", GetAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("Read the progress of a bulk redelivery")
            .Produces<Redelivery>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/redeliveries/{id}", StopAsync)
            .NeedsScope(Scopes.Hooks)
            .WithSummary("Stop a bulk redelivery")
            .WithDescription("Deliveries that it has already requeued are still sent.")
            .Produces<Redelivery>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    });

    private static async Task<IResult> RedeliverAsync(
        string id, HttpContext http, SingleRedelivery redelivery, HistoryReads history, DeliveryView view, NyalaOptions options, CancellationToken cancellationToken)
    {
        string? site = http.GetRequestSite().Site;
        bool wait = !http.Request.PrefersAsync();
        if (!DeliveryEndpoints.TryReadId(id, out long number))
        {
            return DeliveryEndpoints.NoSuchDelivery();
        }

        (bool exists, string? refusal, int before) = await redelivery.RedeliverAsync(
            site, number, Caller.ActorOf(http), wait ? options.Delivery.PublishWait : TimeSpan.Zero, cancellationToken);
        DeliveryFacts? facts = !exists || refusal is not null ? null
            : await history.DeliveryHeadAsync(site, number, cancellationToken);
        return refusal is not null ? Refusal.Conflict("This delivery cannot be resent now", refusal)
            : facts is null ? DeliveryEndpoints.NoSuchDelivery()
            : TypedResults.Json(
                view.Show(facts, Caller.Of(http)),
                NyalaJson.Wire.Delivery,
                statusCode: facts.Delivery.Attempts > before ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> BeginAsync(string id, HttpContext http, BulkRedelivery redeliveries, TimeProvider clock, CancellationToken cancellationToken)
    {
        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        if (!RequestBody.TryReadObject(body, out JsonFields fields, out string reason))
        {
            return Refusal.BadRequest(Refused, reason);
        }

        DateTimeOffset now = clock.GetUtcNow();
        fields.RefuseOthers(Fields, "");
        var form = new HistoryQuery(now);
        DeliveryState? state = form.State(fields.Text("state"), DeliveryState.Failed, DeliveryState.Delivered, DeliveryState.Gone);
        Period period = form.Period(fields.Text("since"), fields.Text("until"));
        if (period.Since is null && form.Errors.Count == 0)
        {
            form.Refuse("since", "'since' is missing. Set it to an ISO 8601 time, for example 2026-02-27T17:45:06Z, or to a duration before now, such as 90m, 2h or 7d.");
        }

        if (fields.Errors.Count + form.Errors.Count > 0)
        {
            return Refusal.BadFields(Refused, [.. fields.Errors, .. form.Errors]);
        }

        if (!HookEndpoints.TryReadId(id, out long hook))
        {
            return HookEndpoints.NoSuchHook();
        }

        RequestSite requestSite = http.GetRequestSite();
        (bool exists, RedeliveryRecord? begun, string? refusal) = await redeliveries.BeginAsync(
            requestSite.Site, hook, state ?? DeliveryState.Failed, period.Since!.Value, period.Until ?? now, Caller.ActorOf(http));
        if (begun is not null)
        {
            http.Response.Headers.Location = $"{requestSite.BaseUrl}/redeliveries/{begun.Id}";
        }

        return !exists ? HookEndpoints.NoSuchHook()
            : begun is null ? Refusal.Conflict(Refused, refusal!)
            : TypedResults.Json(DeliveryView.Show(begun), NyalaJson.Wire.Redelivery, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> OfHookAsync(
        string id, HttpContext http, string? limit, string? before, HistoryReads history, CancellationToken cancellationToken)
    {
        if (!Paging.TryRead(limit, before, out Paging page, out string refusal))
        {
            return Refusal.BadRequest("Invalid query", refusal);
        }

        Page<RedeliveryRecord>? found = HookEndpoints.TryReadId(id, out long hook)
            ? await history.BulkRedeliveriesAsync(http.GetRequestSite().Site, hook, page, cancellationToken)
            : null;
        return found is null
            ? HookEndpoints.NoSuchHook()
            : TypedResults.Json([.. Paging.WithNextLink(http, found).Select(DeliveryView.Show)], NyalaJson.Wire.IReadOnlyListRedelivery);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, HistoryReads history, CancellationToken cancellationToken) =>
        Answer(TryReadId(id, out long number) ? await history.BulkRedeliveryAsync(http.GetRequestSite().Site, number, cancellationToken) : null);

    private static async Task<IResult> StopAsync(string id, HttpContext http, BulkRedelivery redeliveries) =>
        Answer(TryReadId(id, out long number) ? await redeliveries.StopAsync(http.GetRequestSite().Site, number, Caller.ActorOf(http)) : null);

    private static IResult Answer(RedeliveryRecord? redelivery) => redelivery is null
        ? Refusal.NotFound("Redelivery not found", "There is no redelivery with this id here. To list the redeliveries of a hook, use GET /api/hooks/{id}/redeliveries.")
        : TypedResults.Json(DeliveryView.Show(redelivery), NyalaJson.Wire.Redelivery);

    private static bool TryReadId(string text, out long id) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}

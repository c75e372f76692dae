using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Delivery;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.History;

/// <summary><c>POST /api/deliveries/{id}/redeliver</c>.</summary>
internal static class RedeliverEndpoints
{
    public static void MapRedeliver(this IEndpointRouteBuilder app) => app.MapAtEverySite("Deliveries", group =>
        group.MapPost("/deliveries/{id}/redeliver", RedeliverAsync)
            .NeedsScope(Scopes.Hooks)
            .WithSummary("Send a delivery that has ended once more, as often as you like")
            .WithDescription(
                "The same bytes under the same webhook-id, now, and with the whole retry schedule before it. The answer comes when the attempt has ended, or after 10 s "
                + "202: the newest attempt that it tells of is then one of before. With `Prefer: respond-async` 202 at once.")
            .Produces<Client.Delivery>()
            .Produces<Client.Delivery>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict));

    private static async Task<IResult> RedeliverAsync(
        string id, HttpContext http, SingleRedelivery redeliverer, IStore store, DeliveryView view, NyalaOptions options, CancellationToken cancellationToken)
    {
        string? site = http.Scope().Site;
        bool wait = !http.Request.PrefersAsync();
        if (!DeliveryEndpoints.TryReadId(id, out long number))
        {
            return DeliveryEndpoints.NoSuchDelivery();
        }

        (bool isThere, string? refusal, int before) = await redeliverer.RedeliverAsync(
            site, number, Caller.ActorOf(http), wait ? options.Delivery.PublishWait : TimeSpan.Zero, cancellationToken);
        DeliveryFacts? facts = !isThere || refusal is not null ? null
            : await store.ReadAsync(tables => DeliveryEndpoints.Find(tables, number, site), cancellationToken);
        return refusal is not null ? Refusal.Conflict("This delivery cannot be sent again now", refusal)
            : facts is null ? DeliveryEndpoints.NoSuchDelivery()
            : TypedResults.Json(
                view.Show(facts, Caller.Of(http)),
                NyalaJson.Wire.Delivery,
                statusCode: facts.Delivery.Attempts > before ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }
}

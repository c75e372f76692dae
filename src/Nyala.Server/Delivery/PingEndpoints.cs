using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Hooks;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary><c>POST /api/hooks/{id}/ping</c>: sends one request to a hook now, to test its receiver.</summary>
internal static class PingEndpoints
{
    public static void MapPing(this IEndpointRouteBuilder app) => app.MapAtEverySite("Hooks", group =>
        group.MapPost("/hooks/{id}/ping", PingAsync)
            .NeedsScope(Scopes.Hooks)
            .WithSummary("Ping a hook")
            .WithDescription(
                "Makes one attempt now, even if the hook is held, paused or disabled, and returns the delivery with it. The attempt is never "
                + "retried and does not affect the health of the hook; an answer of 410 marks the hook as gone. The delivery stays in the history.")
            .Produces<Client.Delivery>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests));

    private static async Task<IResult> PingAsync(string id, HttpContext http, Pinger pinger, HookReads hooks, IStore store, DeliveryView view, CancellationToken cancellationToken)
    {
        HookRecord? hook = HookEndpoints.TryReadId(id, out long number) ? await hooks.FindAsync(http.GetRequestSite().Site, number, cancellationToken) : null;
        if (hook is null)
        {
            return HookEndpoints.NoSuchHook();
        }

        if (hook.State == HookState.Gone)
        {
            return Refusal.Conflict("This hook is gone", $"Nothing is sent to it. {LifecycleRule.NextStep(hook.State)}");
        }

        if (await pinger.PingAsync(hook) is not { } delivery)
        {
            return Refusal.TooMany($"{Pinger.MaxInFlight} pings are waiting for a response, which is the maximum. Nothing was sent. Try again shortly.");
        }

        Caller caller = Caller.Of(http);
        Client.Delivery shown = await store.ReadAsync(
            tables =>
            {
                var facts = DeliveryFacts.Read(tables, tables.Deliveries.Find(delivery)!);
                return view.Show(facts, facts.ReadBody(tables), tables.Deliveries.Attempts(delivery), caller);
            },
            cancellationToken);
        return TypedResults.Json(shown, NyalaJson.Wire.Delivery);
    }
}

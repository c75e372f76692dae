using System.Text;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Events;
using Nyala.Server.Hooks;
using Nyala.Server.Hosting;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary><c>POST /api/hooks/{id}/ping</c>: sends one hook an event to try its receiver.</summary>
internal static class PingEndpoints
{
    public static void MapPing(this IEndpointRouteBuilder app) => app.MapAtEverySite("Hooks", group =>
        group.MapPost("/hooks/{id}/ping", PingAsync)
            .NeedsScope(Scopes.Hooks)
            .WithSummary("Send a Ping to one hook, wait for the first attempt and read the hook")
            .Produces<Hook>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict));

    private static async Task<IResult> PingAsync(
        string id, HttpContext http, Publisher publisher, IStore store, HookView view, NyalaOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        string? site = http.Scope().Site;
        string time = KuduTime.Format(clock.GetUtcNow());
        using Publication publication = publisher.Begin(wait: true);
        HookRecord? hook = !HookEndpoints.TryReadId(id, out long number) ? null : await store.WriteAsync(tables =>
        {
            HookRecord? found = tables.Hooks.Find(number);
            if (found is { State: HookState.Active } && Subscriptions.IsAt(found, site))
            {
                byte[] body = Encoding.UTF8.GetBytes($$"""{"event":"{{EventTypes.Ping}}","hookId":"{{number}}","time":"{{time}}"}""");
                publication.AcceptFor(tables, new NewEvent(EventTypes.Ping, found.Site ?? options.Sites.Default, body), found);
            }

            return found;
        });
        if (hook is null || !Subscriptions.IsAt(hook, site))
        {
            return HookEndpoints.NoSuchHook();
        }

        if (hook.State != HookState.Active)
        {
            return Refusal.Conflict("This hook is not active", $"The hook is {LifecycleRule.Word(hook.State)}, so nothing is sent to it. {LifecycleRule.Instead(hook.State)}");
        }

        await publication.AnnounceAsync(options.Delivery.PublishWait, cancellationToken);
        (HookRecord? now, byte[]? last) = await store.ReadAsync(
            tables => tables.Hooks.Find(number) is { } found ? (found, found.Last is { } seen ? tables.Events.Body(seen.Event) : null) : (null, null),
            cancellationToken);
        return TypedResults.Json(view.Show(now ?? hook, last), NyalaJson.Wire.Hook);
    }
}

using System.Globalization;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;
using Nyala.Server.Outbound;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary><c>/api/hooks</c>: subscribes, lists, shows and unsubscribes hooks. The format is what Kudu's clients expect.</summary>
internal static class HookEndpoints
{
    public static void MapHooks(this IEndpointRouteBuilder app) => app.MapAtEverySite("Hooks", group =>
    {
        group.MapPost("/hooks", SubscribeAsync)
            .NeedsScope(Scopes.Hooks)
            .WithSummary("Subscribe a hook")
            .WithDescription(
                "Subscribing is idempotent: if a hook with this url and event exists, it is returned with 201, including its secret, and the "
                + "fields you sent are applied to it. The signing secret is not shown by later reads. If the format is `cloudevents`, the receiver of a new "
                + "hook is asked first, which takes at most as long as an attempt. If it does not allow events, the hook is refused.")
            .Takes<HookRequest>()
            .Produces<Hook>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapGet("/hooks", ListAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("List hooks")
            .WithDescription(
                "Oldest first. Leaves out hooks that are gone, as Kudu does. `state` lists those in one state (`active`, `paused`, `disabled`, "
                + "`gone`), or `all`. Returns all of them, or a page if you set `limit` (1 to 1000). `after` starts the page after the hook with "
                + "this id. A `last_context` of more than 2 KiB is cut in the list, which `last_context_is_cut` says; read the hook for all of it.")
            .Produces<IReadOnlyList<Hook>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/hooks/{id}", GetAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("Read a hook")
            .Produces<Hook>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/hooks/{id}", RemoveAsync)
            .NeedsScope(Scopes.Hooks)
            .WithSummary("Unsubscribe a hook")
            .WithDescription("Returns 200 also if there is no such hook. The header `Nyala-Removed` is 1 if one was removed, else 0.")
            .Produces(StatusCodes.Status200OK);
        group.MapDelete("/hooks", RemoveByUrlAsync)
            .NeedsScope(Scopes.Hooks)
            .WithSummary("Unsubscribe a hook by its callback URL")
            .WithDescription("Name the URL as `?url=`, or in a body `{\"url\": \"…\"}`.")
            .Takes<HookRequest>(required: false)
            .Produces(StatusCodes.Status200OK)
            .ProducesProblem(StatusCodes.Status400BadRequest);
    });

    private static async Task<IResult> SubscribeAsync(
        HttpContext http, Subscriptions subscriptions, Permissions permissions, HookView view, Destinations destinations, HookReads hooks, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        if (!RequestBody.TryReadObject(body, out JsonFields fields, out string reason))
        {
            return Refusal.BadRequest("Invalid hook", reason);
        }

        if (HookForm.Read(fields, http.GetRequestSite().Site, destinations, clock.GetUtcNow()) is not { } form)
        {
            return Refusal.BadFields("Invalid hook", fields.Errors);
        }

        RequestSite requestSite = http.GetRequestSite();
        Permission permission = await permissions.AskAsync(requestSite.Site, form, cancellationToken);
        if (permission.Refusal is { } refusal)
        {
            return Refusal.BadFields("Invalid hook", [new FieldError("url", refusal)]);
        }

        Subscribed subscribed = await subscriptions.SubscribeAsync(requestSite.Site, form with { Settings = permission.Settings }, Caller.ActorOf(http));
        switch (subscribed.Refused)
        {
            case SubscriptionRefusal.OtherEvent:
                return Refusal.Conflict(
                    "This URL already has a hook",
                    $"Hook {subscribed.Hook.Id} already uses this url for the event '{subscribed.Hook.Event}'. Remove that hook first, or use another url. A different query string is enough.");
            case SubscriptionRefusal.TwoAuthorizations:
                return Refusal.BadFields("Invalid hook", [new FieldError("headers", HookSettings.TwoAuthorizations)]);
            case SubscriptionRefusal.Settings:
                return Refusal.BadFields("Invalid hook", [form.Settings.RefusesSettings(subscribed.Hook)!.Value]);
        }

        byte[]? last = await hooks.LastBodyAsync(subscribed.Hook, cancellationToken);
        http.Response.Headers.Location = $"{requestSite.BaseUrl}/hooks/{subscribed.Hook.Id}";
        return TypedResults.Json(view.ShowWithSecret(subscribed.Hook, last), NyalaJson.Wire.Hook, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, string? state, string? limit, string? after, HookReads hooks, HookView view, CancellationToken cancellationToken)
    {
        if (ReadStates(state) is not { } states)
        {
            return Refusal.BadRequest("Invalid query", "'state' must be active, paused, disabled, gone or all. If you leave it out, all hooks that are not gone are listed.");
        }

        if (!Listing.TryRead(limit, after, byId: true, out Listing listing, out string refusal))
        {
            return Refusal.BadRequest("Invalid query", refusal);
        }

        var asked = new HookListQuery(http.GetRequestSite().Site, states, Caller.Of(http));
        if (listing.Limit is not { } most)
        {
            return new JsonStream<Hook>(hooks.AllAsync(asked, listing.AfterId, cancellationToken).Select(hook => view.ShowInList(hook, asked.Caller)), NyalaJson.Wire.Hook);
        }

        Page<ListedHook> page = await hooks.PageAsync(asked, listing.AfterId, most, cancellationToken);
        return TypedResults.Json([.. Listing.WithNextLink(http, page).Select(hook => view.ShowInList(hook, asked.Caller))], NyalaJson.Wire.IReadOnlyListHook);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, HookView view, HookReads hooks, CancellationToken cancellationToken)
    {
        HookRecord? hook = TryReadId(id, out long number) ? await hooks.FindAsync(http.GetRequestSite().Site, number, cancellationToken) : null;
        return hook is null
            ? NoSuchHook()
            : TypedResults.Json(view.Show(hook, await hooks.LastBodyAsync(hook, cancellationToken), Caller.Of(http)), NyalaJson.Wire.Hook);
    }

    private static async Task<IResult> RemoveAsync(string id, HttpContext http, Subscriptions subscriptions)
    {
        return Removed(http, TryReadId(id, out long number) && await subscriptions.UnsubscribeAsync(http.GetRequestSite().Site, number, Caller.ActorOf(http)));
    }

    private static async Task<IResult> RemoveByUrlAsync(HttpContext http, string? url, Subscriptions subscriptions, CancellationToken cancellationToken)
    {
        const string Title = "No hook specified";
        if (url is null)
        {
            byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
            if (body.Length > 0)
            {
                if (!RequestBody.TryReadObject(body, out JsonFields fields, out string reason))
                {
                    return Refusal.BadRequest(Title, reason);
                }

                url = fields.Text("url");
            }
        }

        if (string.IsNullOrWhiteSpace(url))
        {
            return Refusal.BadRequest(Title, "Specify the hook by its id, with DELETE /api/hooks/{id}, or by its callback URL, with DELETE /api/hooks?url=… or a body {\"url\": …}.");
        }

        return Removed(http, await subscriptions.UnsubscribeAsync(http.GetRequestSite().Site, url, Caller.ActorOf(http)));
    }

    /// <summary>Returns 200 even if the hook did not exist, as Kudu does. A header says whether it existed.</summary>
    private static IResult Removed(HttpContext http, bool existed)
    {
        http.Response.Headers["Nyala-Removed"] = existed ? "1" : "0";
        return TypedResults.Ok();
    }

    /// <summary>Reads a hook's id. Returns false if the text cannot be an id; callers treat that as a hook that does not exist.</summary>
    internal static bool TryReadId(string text, out long id) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);

    /// <summary>Returns 404: the hook does not exist, or belongs to another site.</summary>
    internal static IResult NoSuchHook() =>
        Refusal.NotFound("Hook not found", "There is no hook with this id here. To list the hooks, use GET /api/hooks.");

    private static HookState[]? ReadStates(string? state) => state?.ToLowerInvariant() switch
    {
        null or "" => [HookState.Active, HookState.Paused, HookState.Disabled],
        "all" => Enum.GetValues<HookState>(),
        { } word when Enum.GetValues<HookState>().Where(known => LifecycleRule.Word(known) == word).ToArray() is { Length: 1 } one => one,
        _ => null,
    };
}

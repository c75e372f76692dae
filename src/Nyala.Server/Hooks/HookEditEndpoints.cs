using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary><c>PATCH /api/hooks/{id}</c>, and the verbs that change an existing hook, such as <c>POST /api/hooks/{id}/pause</c>.</summary>
internal static class HookEditEndpoints
{
    private const string Refused = "Invalid change";
    private const string NotNow = "The hook's state does not allow this";

    private static readonly string[] RotationFields = ["secret", "overlap"];
    private static readonly TimeSpan UsualOverlap = TimeSpan.FromHours(24);
    private static readonly TimeSpan MaxOverlap = TimeSpan.FromDays(30);

    public static void MapHookEdits(this IEndpointRouteBuilder app) => app.MapAtEverySite("Hooks", group =>
    {
        group.MapPatch("/hooks/{id}", ChangeAsync)
            .NeedsScope(Scopes.Hooks)
            .WithSummary("Change a hook")
            .WithDescription(
                "Fields that you leave out keep their values; null resets a field. If any field is refused, nothing changes. The url and event of "
                + "a hook never change. A new filter applies to events accepted from now on.")
            .Takes<HookChange>()
            .Produces<Hook>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        MapVerb(group, "pause", LifecycleVerb.Pause, "Pause a hook; its deliveries wait");
        MapVerb(group, "resume", LifecycleVerb.Resume, "Resume a paused hook; waiting deliveries are sent");
        MapVerb(group, "enable", LifecycleVerb.Enable, "Re-enable a disabled hook; waiting deliveries are sent at once");
        MapVerb(group, "restore", LifecycleVerb.Restore, "Restore a hook that is gone, within 30 days");
        group.MapPost("/hooks/{id}/rotate-secret", RotateAsync)
            .NeedsScope(Scopes.Hooks)
            .WithSummary("Rotate a hook's signing secret")
            .WithDescription(
                "Returns the new secret, once. The old secret also signs for 24 h, or for as long as `overlap` says (`0s` ends it at once, at "
                + "most `30d`). If you rotate again during this time, only the newest old secret continues to sign. Sending the current secret changes "
                + "nothing.")
            .Takes<SecretRotation>(required: false)
            .Produces<Hook>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    });

    private static void MapVerb(RouteGroupBuilder group, string name, LifecycleVerb verb, string summary) => group
        .MapPost($"/hooks/{{id}}/{name}", (string id, HttpContext http, HookEditor editor, HookView view, HookReads hooks, CancellationToken cancellationToken) =>
            MoveAsync(id, verb, http, editor, view, hooks, cancellationToken))
        .NeedsScope(Scopes.Hooks)
        .WithSummary(summary)
        .WithDescription("Idempotent: a hook that is already in this state stays as it is.")
        .Produces<Hook>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> ChangeAsync(
        string id, HttpContext http, HookEditor editor, HookView view, HookReads hooks, Permissions permissions, SecretBox secrets, Destinations destinations, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        if (!RequestBody.TryReadObject(body, out JsonFields fields, out string reason))
        {
            return Refusal.BadRequest(Refused, reason);
        }

        string? site = http.GetRequestSite().Site;
        HookRecord? hook = HookEndpoints.TryReadId(id, out long number) ? await hooks.FindAsync(site, number, cancellationToken) : null;
        if (hook is null)
        {
            return HookEndpoints.NoSuchHook();
        }

        fields.RefuseOthers(HookSettings.Names, "A hook's url and event cannot be changed: subscribe another hook. To change the secret, use POST /api/hooks/{id}/rotate-secret. To change the state, use POST /api/hooks/{id}/pause, resume, enable or restore.");
        HookSettings settings = HookSettings.Read(fields, hook.Event, hook.Site, nullResets: true, clock.GetUtcNow());
        var url = new HookUrl(hook.Url, null);
        settings.CheckFormat(fields, url.ToUri(), hook.Event, destinations, FormatCatalog.Get(hook.Format));
        HookForm.RefuseWithoutEffect(fields, url, settings.Format.Or(null) ?? FormatCatalog.Get(hook.Format));
        if (fields.Errors.Count == 0 && settings.RefusesSettings(settings.Apply(hook, settings.Encrypt(secrets))) is { } lacking)
        {
            fields.Refuse(lacking.Field, lacking.Text);
        }

        if (settings.HasAuthorization && hook.UserInfo is not null)
        {
            fields.Refuse("headers", HookSettings.TwoAuthorizations);
        }

        if (fields.Errors.Count > 0)
        {
            return Refusal.BadFields(Refused, fields.Errors);
        }

        Permission permission = await permissions.AskAsync(hook, settings, cancellationToken);
        return permission.Refusal is { } refusal
            ? Refusal.BadFields(Refused, [new FieldError("format", refusal)])
            : await editor.ChangeAsync(site, number, permission.Settings, Caller.ActorOf(http)) is { } changed
                ? TypedResults.Json(view.Show(changed, await hooks.LastBodyAsync(changed, cancellationToken)), NyalaJson.Wire.Hook)
                : HookEndpoints.NoSuchHook();
    }

    private static async Task<IResult> MoveAsync(
        string id, LifecycleVerb verb, HttpContext http, HookEditor editor, HookView view, HookReads hooks, CancellationToken cancellationToken)
    {
        if (!HookEndpoints.TryReadId(id, out long number))
        {
            return HookEndpoints.NoSuchHook();
        }

        (HookRecord? hook, string? refusal) = await editor.MoveAsync(http.GetRequestSite().Site, number, verb, Caller.ActorOf(http));
        return hook is null ? HookEndpoints.NoSuchHook()
            : refusal is not null ? Refusal.Conflict(NotNow, refusal)
            : TypedResults.Json(view.Show(hook, await hooks.LastBodyAsync(hook, cancellationToken)), NyalaJson.Wire.Hook);
    }

    private static async Task<IResult> RotateAsync(
        string id, HttpContext http, HookEditor editor, HookView view, HookReads hooks, CancellationToken cancellationToken)
    {
        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        JsonFields fields = JsonFields.Empty;
        if (body.Length > 0 && !RequestBody.TryReadObject(body, out fields, out string reason))
        {
            return Refusal.BadRequest(Refused, reason);
        }

        fields.RefuseOthers(RotationFields, "");
        string? secret = HookForm.ReadSecret(fields);
        TimeSpan overlap = ReadOverlap(fields);
        if (fields.Errors.Count > 0)
        {
            return Refusal.BadFields(Refused, fields.Errors);
        }

        if (HookEndpoints.TryReadId(id, out long number)
            && await hooks.FindAsync(http.GetRequestSite().Site, number, cancellationToken) is { } found
            && new HookUrl(found.Url, null) is { IsHttp: false } url)
        {
            return Refusal.Conflict("This hook has no signing secret", $"Only HTTP requests are signed, and this hook has a {url.Scheme}: url.");
        }

        HookRecord? hook = number != 0
            ? await editor.RotateAsync(http.GetRequestSite().Site, number, secret ?? WebhookSecret.Create(), overlap, Caller.ActorOf(http))
            : null;
        return hook is null ? HookEndpoints.NoSuchHook()
            : hook.State == HookState.Gone ? Refusal.Conflict(NotNow, $"The hook is gone. {LifecycleRule.NextStep(HookState.Gone)}")
            : TypedResults.Json(view.ShowWithSecret(hook, await hooks.LastBodyAsync(hook, cancellationToken)), NyalaJson.Wire.Hook);
    }

    private static TimeSpan ReadOverlap(JsonFields fields)
    {
        if (fields.Element("overlap") is not { } value)
        {
            return UsualOverlap;
        }

        // Zero is accepted without a unit.
        string text = value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.GetRawText().Trim('"') : "";
        if (!Duration.TryParse(text == "0" ? "0s" : text, out TimeSpan overlap) || overlap < TimeSpan.Zero || overlap > MaxOverlap)
        {
            fields.Refuse("overlap", "'overlap' must be a duration from 0s to 30d, for example 90m or 24h. Requests are also signed with the old secret for this long.");
        }

        return overlap;
    }
}

using System.Globalization;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Hooks;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;
using Nyala.Server.Outbound;

namespace Nyala.Server.Delivery;

/// <summary><c>POST /api/hooks/preview</c>: shows the request that a hook would send, and sends nothing.</summary>
internal static class PreviewEndpoints
{
    public static void MapPreview(this IEndpointRouteBuilder app) => app.MapAtEverySite("Hooks", group =>
        group.MapPost("/hooks/preview", PreviewAsync)
            .NeedsScope(Scopes.Hooks)
            .WithSummary("Preview the request of a hook")
            .WithDescription(
                "Takes the same body as a subscription, and returns the request that such a hook would send. Nothing is stored or sent. `event` is the id "
                + "of a past event to show; `sample` is `success`, `failed`, `broke`, `fixed`, `still_failing` or `started`. With neither, the newest event that the hook "
                + "would have received is shown, whatever its filter, or a sample if none is found. The signature is masked.")
            .Takes<HookRequest>()
            .Produces<HookPreview>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound));

    private static async Task<IResult> PreviewAsync(
        HttpContext http, string? @event, string? sample, Previewer previewer, Destinations destinations, TimeProvider clock, CancellationToken cancellationToken)
    {
        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        if (!RequestBody.TryReadObject(body, out JsonFields fields, out string reason))
        {
            return Refusal.BadRequest("Invalid hook", reason);
        }

        string? site = http.GetRequestSite().Site;
        if (HookForm.Read(fields, site, destinations, clock.GetUtcNow()) is not { } form)
        {
            return Refusal.BadFields("Invalid hook", fields.Errors);
        }

        if (sample is not null && (@event is not null || !SampleEvents.Names.Contains(sample)))
        {
            return Refusal.BadRequest("Invalid query", $"'sample' must be one of {string.Join(", ", SampleEvents.Names)}, and cannot be used together with 'event'.");
        }

        long? id = long.TryParse(@event, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
        if (@event is not null && id is null)
        {
            return Refusal.BadRequest("Invalid query", "'event' must be the id of an event.");
        }

        return await previewer.PreviewAsync(site, form, id, sample, cancellationToken) is { } preview
            ? preview.Request is { } request ? TypedResults.Json(request, NyalaJson.Wire.HookPreview) : Refusal.BadRequest("The event cannot be rendered", preview.Refusal!)
            : Refusal.NotFound("No such event", $"There is no event with the id {id} here. Events are deleted after a while.");
    }
}

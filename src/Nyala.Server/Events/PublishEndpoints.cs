using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;
using Nyala.Server.Storage;

namespace Nyala.Server.Events;

/// <summary><c>POST /api/hooks/publish/{type}</c>, also at the path in Kudu's documentation.</summary>
internal static class PublishEndpoints
{
    private const string Refused = "Event refused";

    /// <summary>The path, and the path that Kudu's documentation prints by mistake. The API description includes only the first.</summary>
    private static readonly string[] Paths = ["/hooks/publish/{type}", "/hooks/hooks/publish/{type}"];

    public static void MapPublishing(this IEndpointRouteBuilder app) => app.MapAtEverySite("Events", group =>
    {
        group.MapPublishMany();
        foreach (string path in Paths)
        {
            RouteHandlerBuilder endpoint = group.MapPost(path, PublishAsync)
                .NeedsScope(Scopes.Hooks | Scopes.Deploy)
                .WithSummary("Publish an event")
                .WithDescription(
                    "Delivers it to every hook with its type, or with `*`. The body is JSON of at most 1 MiB, and receivers get it byte for byte. "
                    + "Returns 200 once the event is on disk and each first attempt has ended, or 10 s have passed; with `Prefer: respond-async`, "
                    + "202 once it is on disk. The header `Nyala-Event-Id` names the event. With an `Idempotency-Key` (1 to 255 visible ASCII "
                    + "characters), a site accepts the event once within 24 h: a repeated request returns the first event with "
                    + "`Idempotency-Replayed: true`, and a different event under the same key is 422. `Nyala-Chain` counts the publishes that led "
                    + "to this one; more than 5 is 508. A `traceparent` is kept with the event.")
                .Takes<object>()
                .Produces(StatusCodes.Status200OK)
                .Produces(StatusCodes.Status202Accepted)
                .ProducesProblem(StatusCodes.Status400BadRequest)
                .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
                .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
                .ProducesProblem(StatusCodes.Status508LoopDetected);
            if (path != Paths[0])
            {
                endpoint.ExcludeFromDescription();
            }
        }
    });

    private static async Task<IResult> PublishAsync(
        string type, HttpContext http, Publisher publisher, NyalaOptions options, CancellationToken cancellationToken)
    {
        if (!EventType.IsValid(type))
        {
            return Refusal.BadRequest("Invalid event type", $"An event type must be {EventType.Rule}.");
        }

        IHeaderDictionary headers = http.Request.Headers;
        StringValues keys = headers[IdempotencyKey.Header];
        int? chain = ChainRule.Read(headers[ChainRule.Header]);
        if (RefuseHeaders(keys, chain) is { } refusal)
        {
            return refusal;
        }

        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        if (!RequestBody.IsJson(body, out string reason))
        {
            return Refusal.BadRequest(Refused, reason + " To publish an event without data, send {}.");
        }

        bool wait = !http.Request.PrefersAsync();
        var accepted = new NewEvent(type, http.GetRequestSite().Site ?? options.Sites.Default, body)
        {
            Chain = chain!.Value + 1,
            Trace = TraceParent.Of(http.Request),
        };
        EventKey? key = keys.Count == 0 ? null : IdempotencyKey.Of(keys[0]!, type, body);
        AcceptResult published = await publisher.PublishAsync(accepted, key, wait ? options.Delivery.PublishWait : TimeSpan.Zero, cancellationToken);
        return Answer(http, published, wait);
    }

    private static ProblemHttpResult? RefuseHeaders(StringValues keys, int? chain)
    {
        if (keys.Count > 1 || (keys.Count == 1 && !IdempotencyKey.IsValid(keys[0]!)))
        {
            return Refusal.BadRequest(Refused, $"{IdempotencyKey.Header} must be given once, with {IdempotencyKey.Rule}.");
        }

        return RefuseChain(chain);
    }

    /// <summary>Refuses a chain that cannot be read, or is too long. Returns null if it is accepted.</summary>
    public static ProblemHttpResult? RefuseChain(int? chain) =>
        chain is null ? Refusal.BadRequest(Refused, $"{ChainRule.Header} must be one whole number. Copy it unchanged from the request that led to this one.")
        : chain > ChainRule.MaxLength ? Refusal.LoopDetected(
                $"A chain of {chain} publishes led to this one, and the maximum is {ChainRule.MaxLength}. A hook seems to lead back to this server: look for a hook whose url publishes here.")
        : null;

    private static IResult Answer(HttpContext http, AcceptResult published, bool waited)
    {
        if (published.Outcome == AcceptOutcome.Mismatch)
        {
            return Refusal.Unprocessable(
                Refused, $"This {IdempotencyKey.Header} was used in the last 24 hours for an event with another type or body. Send that event again, or use a new key for this one.");
        }

        http.Response.Headers["Nyala-Event-Id"] = published.Event.ToString(CultureInfo.InvariantCulture);
        if (published.Outcome == AcceptOutcome.Replayed)
        {
            http.Response.Headers["Idempotency-Replayed"] = "true";
        }

        return waited ? TypedResults.Ok() : TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }
}

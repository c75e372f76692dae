using Nyala.Server.Hosting;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Events;

/// <summary><c>POST /api/hooks/publish/{type}</c>, and the path that Kudu's document prints.</summary>
internal static class PublishEndpoints
{
    public static void MapPublishing(this IEndpointRouteBuilder app) => app.MapAtEverySite("Events", group =>
    {
        foreach (string path in (string[])["/hooks/publish/{type}", "/hooks/hooks/publish/{type}"])
        {
            group.MapPost(path, PublishAsync)
                .NeedsScope(Scopes.Hooks | Scopes.Deploy)
                .WithSummary("Publish an event to every hook that listens to its type")
                .WithDescription(
                    "The body is JSON of at most 1 MiB and is sent on byte for byte. Answers 200 once the event is durable and each first attempt has "
                    + "ended or 10 s have passed; with `Prefer: respond-async` 202 as soon as it is durable.")
                .Takes<object>()
                .Produces(StatusCodes.Status200OK)
                .Produces(StatusCodes.Status202Accepted)
                .ProducesProblem(StatusCodes.Status400BadRequest)
                .ProducesProblem(StatusCodes.Status413PayloadTooLarge);
        }
    });

    private static async Task<IResult> PublishAsync(
        string type, HttpContext http, Publisher publisher, NyalaOptions options, CancellationToken cancellationToken)
    {
        if (!EventType.IsValid(type))
        {
            return Refusal.BadRequest("This event type is refused", $"An event's type is {EventType.Rule}.");
        }

        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        if (!RequestBody.IsJson(body, out string reason))
        {
            return Refusal.BadRequest("This event is refused", reason + " Send {} for an event that has nothing to say.");
        }

        bool wait = !http.Request.PrefersAsync();
        string site = http.Scope().Site ?? options.Sites.Default;
        await publisher.PublishAsync(new NewEvent(type, site, body), wait ? options.Delivery.PublishWait : TimeSpan.Zero, cancellationToken);
        return wait ? TypedResults.Ok() : TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }
}

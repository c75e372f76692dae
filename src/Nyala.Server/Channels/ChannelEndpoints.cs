using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Hooks;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Server.Channels;

/// <summary><c>/api/channels</c>: lists the server's accounts, and tries them.</summary>
internal static class ChannelEndpoints
{
    public static void MapChannels(this IEndpointRouteBuilder app) => app.MapAtRoot("Channels", group =>
    {
        group.MapGet("/channels", List)
            .NeedsScope(Scopes.Read)
            .WithSummary("List channels and the server's accounts for them")
            .WithDescription("Shows no credentials. A channel that is not configured says what the operator must set.")
            .Produces<IReadOnlyList<HookChannel>>();
        group.MapPost("/channels/test", TestAsync)
            .NeedsScope(Scopes.Hooks)
            .WithSummary("Send a test message")
            .WithDescription("Sends a test message to `url` as a hook with this URL would, waits for the answer, and stores nothing. `accepted` says whether the service took it.")
            .Takes<ChannelTestRequest>()
            .Produces<ChannelTest>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
    });

    private static IResult List(ChannelOptions accounts) => TypedResults.Json(ChannelList.Of(accounts), NyalaJson.Wire.IReadOnlyListHookChannel);

    private static async Task<IResult> TestAsync(
        HttpContext http, ChannelTester tester, Destinations destinations, CancellationToken cancellationToken)
    {
        const string Title = "Invalid test";
        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        if (!RequestBody.TryReadObject(body, out JsonFields fields, out string reason))
        {
            return Refusal.BadRequest(Title, reason);
        }

        fields.RefuseOthers(["url"], "To try other settings, add a hook and ping it.");
        if (HookForm.ReadUrl(fields, destinations) is not { } url || fields.Errors.Count > 0)
        {
            return Refusal.BadFields(Title, fields.Errors);
        }

        IFormat format = destinations.FormatOf(url.ToUri());
        string? refusal = destinations.Refuses(format, url.ToUri()) ?? (HookFormatSettings.RefusesNone(format) is { } lacking ? $"{lacking.Text} Add a hook with it, and ping the hook." : null);
        return refusal is not null ? Refusal.BadFields(Title, [new FieldError("url", refusal)])
            : await tester.TestAsync(url) is { } test ? TypedResults.Json(test, NyalaJson.Wire.ChannelTest)
            : Refusal.TooMany($"{ChannelTester.MaxInFlight} test messages are waiting for an answer, or the rate of the account is used up. Nothing was sent. Try again shortly.");
    }
}

using System.Globalization;
using System.Text.Json;
using Nyala.Client;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary><c>GET /api/hooks/samples/{event}</c>: bodies as a hook receives them, for tools that show their users what to expect.</summary>
internal static class SampleEndpoints
{
    private const int Usual = 3;
    private const int Most = 10;

    public static void MapSamples(this IEndpointRouteBuilder app) => app.MapAtEverySite("Hooks", group =>
        group.MapGet("/hooks/samples/{event}", ListAsync)
            .NeedsScope(Scopes.Hooks)
            .WithSummary("List samples of an event type")
            .WithDescription(
                "Returns the newest bodies of this type in the format `kudu`, newest first, or a static sample if there are none. `limit` is 1 to 10; default: 3. A type "
                + "that the server does not raise itself has no static sample.")
            .Produces<IReadOnlyList<DeploymentEvent>>()
            .ProducesProblem(StatusCodes.Status400BadRequest));

    private static async Task<IResult> ListAsync(
        string @event, string? limit, HttpContext http, IStore store, NyalaOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        int most = Usual;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > Most))
        {
            return Refusal.BadRequest("Invalid query", $"'limit' must be a whole number from 1 to {Most}.");
        }

        string? site = http.GetRequestSite().Site;
        string of = site ?? options.Sites.Default;
        (List<byte[]> bodies, string host) = await store.ReadAsync(
            tables => (
                tables.Events.Search(new EventQuery { Site = site, Type = @event == EventTypes.Any ? null : @event, Limit = most }).Entries
                    .Select(head => tables.Events.Body(head.Id)).OfType<byte[]>().ToList(),
                SiteHost.Of(tables.Sites, of, options)),
            cancellationToken);
        string? sample = Name(@event);
        if (bodies.Count == 0 && sample is not null)
        {
            bodies.Add(SampleEvents.Of(sample, of, host, SiteHost.ApiUrl(of, options), clock.GetUtcNow()).Body.ToArray());
        }

        return TypedResults.Json(bodies.ConvertAll(body => JsonElement.Parse(body)));
    }

    private static string? Name(string type) =>
        type.Equals(EventTypes.DeploymentStarted, StringComparison.OrdinalIgnoreCase) ? "started"
        : type == EventTypes.Any || type.Equals(EventTypes.PostDeployment, StringComparison.OrdinalIgnoreCase) ? "success"
        : null;
}

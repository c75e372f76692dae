using Nyala.Server.Storage;

namespace Nyala.Server.Hosting;

/// <summary><c>/healthz</c>: whether the server can do its work. The one path that needs no token.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app) => app.MapGet("/healthz", CheckAsync)
        .AllowAnonymous()
        .WithTags("Health")
        .WithSummary("Whether the database answers: 200 or 503")
        .Produces<string>(StatusCodes.Status200OK, "text/plain")
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> CheckAsync(IStore store, CancellationToken cancellationToken)
    {
        await store.ReadAsync(tables => tables.Sites.Find("-"), cancellationToken);
        return TypedResults.Text("Healthy");
    }
}

using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Nyala.Server.Storage;

namespace Nyala.Server.Hosting;

/// <summary>
/// Reports whether the server is alive and whether it is ready. These paths need no token, so their responses reveal nothing about the machine. <c>/healthz</c>
/// is the same as <c>/healthz/ready</c>.
/// </summary>
internal static class HealthEndpoints
{
    /// <summary>A query that takes longer than this counts as failed.</summary>
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(5);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz/live", () => TypedResults.Json(new Health("live"), HealthJson.Default.Health))
            .AllowAnonymous()
            .WithTags("Health")
            .WithSummary("Whether the process is alive: 200")
            .Produces<Health>();
        app.MapGet("/healthz/ready", CheckAsync)
            .AllowAnonymous()
            .WithTags("Health")
            .WithSummary("Whether the server accepts events: 200, or 503 with the reasons")
            .WithDescription(
                "The reasons: `stopping`, `disk_full`, `disk_failing`, `writer_stalled` (a commit takes longer than 10 s), `database_unreadable`. `/healthz` answers the same.")
            .Produces<Health>()
            .Produces<Health>(StatusCodes.Status503ServiceUnavailable);
        app.MapGet("/healthz", CheckAsync).AllowAnonymous().ExcludeFromDescription();

        // Only the command line on the same machine uses it, so it is not part of the API.
        app.MapGet(DataFolderProof.Path, Prove).AllowAnonymous().ExcludeFromDescription();
    }

    private static Results<ContentHttpResult, BadRequest> Prove(HttpContext http, string? nonce, DataFolderProof proof) => DataFolderProof.IsNonce(nonce)
        ? TypedResults.Text(proof.Of(nonce!, http.Connection.LocalPort))
        : TypedResults.BadRequest();

    private static async Task<JsonHttpResult<Health>> CheckAsync(IStore store, IHostApplicationLifetime lifetime, TimeProvider clock, CancellationToken cancellationToken)
    {
        bool readable = await ReadsAsync(store, clock, cancellationToken);
        IReadOnlyList<string> reasons = ReadyRule.Reasons(store.Health, readable, lifetime.ApplicationStopping.IsCancellationRequested);
        return reasons.Count == 0
            ? TypedResults.Json(new Health("ready"), HealthJson.Default.Health)
            : TypedResults.Json(new Health("degraded", reasons), HealthJson.Default.Health, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<bool> ReadsAsync(IStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            await store.ReadAsync(tables => tables.Sites.Find("-"), cancellationToken).WaitAsync(ReadLimit, clock, cancellationToken);
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>The health of the server.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c> or <c>degraded</c>.</param>
/// <param name="Reasons">Why the server is degraded.</param>
internal sealed record Health(
    string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Reasons = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Health))]
internal sealed partial class HealthJson : JsonSerializerContext;

using System.Globalization;
using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Audit;

/// <summary><c>GET /api/audit</c>: who changed what.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder app) => app.MapAtRoot("Audit", group =>
        group.MapGet("/audit", ListAsync)
            .NeedsScope(Scopes.Admin)
            .WithSummary("List changes and who made them, newest first")
            .WithDescription(
                "?action= and ?target= narrow the list: `hook.created`, or the id of a hook. A `Link` header with rel=\"next\" leads to what is older.")
            .Produces<IReadOnlyList<AuditEntry>>()
            .ProducesProblem(StatusCodes.Status400BadRequest));

    private static async Task<IResult> ListAsync(
        HttpContext http, string? limit, string? before, string? action, string? target, AuditReads audit, CancellationToken cancellationToken)
    {
        if (!Paging.TryRead(limit, before, out Paging page, out string refusal))
        {
            return Refusal.BadRequest("This list is refused", refusal);
        }

        Page<AuditRecord> found = await audit.ListAsync(page, action, target, cancellationToken);
        return TypedResults.Json([.. Paging.Tell(http, found).Select(Show)], NyalaJson.Wire.IReadOnlyListAuditEntry);
    }

    private static AuditEntry Show(AuditRecord change) => new()
    {
        Id = change.Id.ToString(CultureInfo.InvariantCulture),
        Time = change.Time,
        Action = change.Action,
        Target = change.Target,
        Site = change.Site,
        Actor = change.Actor.Name,
        Token = change.Actor.Token?.ToString(CultureInfo.InvariantCulture),
        Address = change.Actor.Address,
        Details = JsonSerializer.Deserialize(change.Details, AuditJson.Default.DictionaryStringString)!,
    };
}

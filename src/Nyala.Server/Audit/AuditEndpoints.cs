using System.Globalization;
using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Audit;

/// <summary><c>GET /api/audit</c>: lists changes and who made them.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder app) => app.MapAtRoot("Audit", group =>
        group.MapGet("/audit", ListAsync)
            .NeedsScope(Scopes.Admin)
            .WithSummary("List changes and who made them")
            .WithDescription(
                "Newest first. `action`, such as `hook.created`, and `target`, the id of what was changed, narrow the list. A `Link` header with "
                + "`rel=\"next\"` leads to older entries.")
            .Produces<IReadOnlyList<AuditEntry>>()
            .ProducesProblem(StatusCodes.Status400BadRequest));

    private static async Task<IResult> ListAsync(
        HttpContext http, string? limit, string? before, string? action, string? target, AuditReads audit, CancellationToken cancellationToken)
    {
        if (!Paging.TryRead(limit, before, out Paging page, out string refusal))
        {
            return Refusal.BadRequest("Invalid query", refusal);
        }

        Page<AuditRecord> found = await audit.ListAsync(page, action, target, cancellationToken);
        return TypedResults.Json([.. Paging.WithNextLink(http, found).Select(Show)], NyalaJson.Wire.IReadOnlyListAuditEntry);
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

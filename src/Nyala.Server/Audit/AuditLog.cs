using System.Text.Json;
using Nyala.Server.Storage;

namespace Nyala.Server.Audit;

/// <summary>Records who changed what, in the transaction of the change, so that neither is stored without the other.</summary>
internal sealed class AuditLog(IdSource ids, TimeProvider clock)
{
    /// <summary>Records a change. Call it in the transaction that makes the change.</summary>
    /// <param name="tables">The tables of the transaction.</param>
    /// <param name="actor">Who made the change: the caller of a request, or <see cref="Actor.Server"/>.</param>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="target">The id of the changed object.</param>
    /// <param name="site">The site of the changed object; null at the root.</param>
    /// <param name="details">More facts; null values are left out. Never pass a secret: of a callback URL, only scheme, host and port.</param>
    public void Note(ITables tables, Actor actor, string action, string target, string? site, params (string Name, string? Value)[] details) =>
        tables.Audit.Insert(new AuditRecord(ids.Next(), clock.GetUtcNow(), actor, action, target, site, Json(details)));

    /// <inheritdoc cref="Note(ITables, Actor, string, string, string?, ValueTuple{string, string?}[])"/>
    public void Note(ITables tables, Actor actor, string action, long target, string? site, params (string Name, string? Value)[] details) =>
        Note(tables, actor, action, target.ToString(null as IFormatProvider), site, details);

    private static string Json((string Name, string? Value)[] details)
    {
        var given = details.Where(detail => detail.Value is not null).ToDictionary(detail => detail.Name, detail => detail.Value!);
        return JsonSerializer.Serialize(given, AuditJson.Default.DictionaryStringString);
    }
}

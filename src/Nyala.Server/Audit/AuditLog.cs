using System.Text.Json;
using Nyala.Server.Storage;

namespace Nyala.Server.Audit;

/// <summary>Notes who changed what, in the transaction of the change: neither is there without the other.</summary>
internal sealed class AuditLog(IdSource ids, TimeProvider clock)
{
    /// <summary>Notes a change. Called within the work that makes it.</summary>
    /// <param name="tables">The work's tables.</param>
    /// <param name="actor">Who made it: the caller of a request, or <see cref="Actor.Server"/>.</param>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="target">The id of what is changed.</param>
    /// <param name="site">The site of what is changed; null at the root.</param>
    /// <param name="details">Further facts; null values are left out. Never a secret: of a callback, only the scheme and host.</param>
    public void Note(ITables tables, Actor actor, string action, string target, string? site, params (string Name, string? Value)[] details) =>
        tables.Audit.Insert(new AuditRecord(ids.Next(), clock.GetUtcNow(), actor, action, target, site, Json(details)));

    /// <inheritdoc cref="Note(ITables, Actor, string, string, string?, ValueTuple{string, string?}[])"/>
    public void Note(ITables tables, Actor actor, string action, long target, string? site, params (string Name, string? Value)[] details) =>
        Note(tables, actor, action, target.ToString(null as IFormatProvider), site, details);

    private static string Json((string Name, string? Value)[] details)
    {
        var told = details.Where(detail => detail.Value is not null).ToDictionary(detail => detail.Name, detail => detail.Value!);
        return JsonSerializer.Serialize(told, AuditJson.Default.DictionaryStringString);
    }
}

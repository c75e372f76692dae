namespace Nyala.Server.Storage;

/// <summary>The record of changes. Nothing is ever changed or removed in it.</summary>
internal interface IAuditTable
{
    void Insert(AuditRecord change);

    /// <summary>Changes before an id, newest first.</summary>
    /// <param name="before">Only ids below it.</param>
    /// <param name="action">Only this action; every one where null.</param>
    /// <param name="target">Only this target; every one where null.</param>
    /// <param name="limit">How many at most.</param>
    Page<AuditRecord> List(long before, string? action, string? target, int limit);
}

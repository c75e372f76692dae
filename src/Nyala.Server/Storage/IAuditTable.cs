namespace Nyala.Server.Storage;

/// <summary>The audit log. Entries are only added, never changed or removed.</summary>
internal interface IAuditTable
{
    void Insert(AuditRecord change);

    /// <summary>Lists the changes before an id, newest first.</summary>
    /// <param name="before">Only entries with smaller ids are returned.</param>
    /// <param name="action">Only entries with this action are returned; null for all.</param>
    /// <param name="target">Only entries with this target are returned; null for all.</param>
    /// <param name="limit">The maximum number of entries.</param>
    Page<AuditRecord> List(long before, string? action, string? target, int limit);
}

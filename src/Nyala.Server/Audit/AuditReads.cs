using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Audit;

/// <summary>Reads the audit log.</summary>
internal sealed class AuditReads(IStore store)
{
    /// <summary>Lists changes, newest first.</summary>
    /// <param name="page">Which page.</param>
    /// <param name="action">Only this action; null for every one.</param>
    /// <param name="target">Only changes of the thing with this id; null for everything.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public Task<Page<AuditRecord>> ListAsync(Paging page, string? action, string? target, CancellationToken cancellationToken) =>
        store.SearchAsync(tables => tables.Audit.List(page.Before, action, target, page.Limit), cancellationToken);
}

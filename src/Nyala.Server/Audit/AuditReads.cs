using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Audit;

/// <summary>Reads the audit log.</summary>
internal sealed class AuditReads(IStore store)
{
    /// <summary>Lists changes, newest first.</summary>
    /// <param name="page">The page to read.</param>
    /// <param name="action">Only this action; null for every action.</param>
    /// <param name="target">Only changes of the object with this id; null for every object.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public Task<Page<AuditRecord>> ListAsync(Paging page, string? action, string? target, CancellationToken cancellationToken) =>
        store.SearchAsync(tables => tables.Audit.List(page.Before, action, target, page.Limit), cancellationToken);
}

using Nyala.Server.Hosting;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>Finds the deployment that an id means.</summary>
internal sealed class DeploymentLookup(IStore store, NyalaOptions options)
{
    /// <summary>At a site that site's; at the root the default site's, else that of the only site which has the id.</summary>
    public Task<RunRecord?> FindAsync(string? site, string id, CancellationToken cancellationToken) => store.ReadAsync(
        tables =>
        {
            if (site is not null)
            {
                return tables.Runs.FindLatest(site, id);
            }

            return tables.Runs.FindLatest(options.Sites.Default, id)
                ?? (tables.Runs.FindAnywhere(id) is [RunRecord only] ? only : null);
        },
        cancellationToken);
}

using Nyala.Server.Deploying.Git;
using Nyala.Server.Sites;

namespace Nyala.Server.Deploying;

/// <summary>Removes the folders of sites, and keeps deployments from beginning during the removal.</summary>
internal sealed class SiteFiles(SiteGate gate, SiteFolders folders, SpareCheckouts spares) : ISiteFiles
{
    public async Task<IDisposable?> HoldAsync(string site) => await gate.EnterAsync(site, CancellationToken.None);

    public string? DeploymentInProgress(string site) => gate.DeploymentAt(site);

    public async Task<bool> RemoveAsync(string site)
    {
        await spares.EndAsync(site);
        return await Task.Run(() =>
        {
            string folder = folders.Of(site).Path;
            bool found = Directory.Exists(folder);
            SiteFolders.Remove(folder);
            return found;
        });
    }
}

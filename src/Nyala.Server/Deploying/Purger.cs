using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>
/// Removes old releases of a site, and the packages that they came from: it keeps the newest, as many as the site says, and what
/// the site runs. It needs no right to the site: what it removes nobody writes to, and nothing new is made under an old name.
/// </summary>
internal sealed class Purger(IStore store, SiteFolders folders, Shutdown shutdown, ILogger<Purger> logger)
{
    /// <summary>Begins to purge, and goes on by itself.</summary>
    public void Begin(string site) => shutdown.Track(Task.Run(() => PurgeAsync(site), CancellationToken.None));

    private async Task<bool> PurgeAsync(string site)
    {
        try
        {
            SiteFolder folder = folders.Of(site);

            // What is there is looked at first: what begins after that is not among it.
            string[] releases = Names(folder.Releases);
            string[] packages = Names(folder.Packages);
            IReadOnlyList<RunRecord> kept = await store.ReadAsync(tables => Kept(tables, site), shutdown.Stopping);
            string? current = new Releases(folder).Current;
            foreach (string release in PurgeRule.Judge(releases, [current, .. kept.Select(SiteFolder.ReleaseName)]))
            {
                SiteFolders.Remove(Path.Combine(folder.Releases, release));
            }

            IEnumerable<string> sources = kept.Select(run => Path.GetFileName(folder.Package(run.Deployment)));
            foreach (string package in PurgeRule.Judge(packages, sources))
            {
                File.Delete(Path.Combine(folder.Packages, package));
            }

            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or StoreUnavailableException)
        {
            DeployingLog.NotPurged(logger, error, site);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static IReadOnlyList<RunRecord> Kept(ITables tables, string site) =>
    [
        .. tables.Runs.Performed(site, tables.Sites.Find(site)?.Keep ?? int.MaxValue),
        .. tables.Runs.Performing().Where(run => run.Site.Equals(site, StringComparison.OrdinalIgnoreCase)),
    ];

    private static string[] Names(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path))] : [];
}

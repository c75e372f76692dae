using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Releases;

/// <summary>
/// Removes old releases of a site and the packages that they were made from. It keeps the newest, as many as the site's <c>keep</c> says, and the one that the
/// site runs. The caller holds the site's pass while old releases are chosen and moved aside. Their removal takes longer and needs no pass, because nothing
/// else knows their new place.
/// </summary>
internal sealed class Purger(IStore store, SiteFolders folders, Shutdown shutdown, IdSource ids, ILogger<Purger> logger)
{
    /// <summary>Moves old releases and packages aside, and removes them in the background. A failure does not fail the deployment.</summary>
    public async Task BeginAsync(string site)
    {
        SiteFolder folder = folders.Of(site);
        string aside = folder.Purge(ids.Next());
        try
        {
            string[] releases = Names(folder.Releases);
            string[] packages = Names(folder.Packages);
            (IReadOnlyList<RunRecord> kept, IReadOnlyList<RunRecord> newest) = await store.ReadAsync(tables => Kept(tables, site), shutdown.Stopping);
            string?[] names = [new SiteReleases(folder).Current, .. kept.Select(SiteFolder.ReleaseName)];

            // A zip whose deployment failed may be deployed again once the cause is fixed.
            IEnumerable<string> sources = kept.Concat(newest).Select(run => Path.GetFileName(folder.Package(run.Deployment)));
            (string Path, bool IsFolder)[] old =
            [
                .. PurgeRule.Judge(releases, names).Select(name => (Path.Combine(folder.Releases, name), true)),
                .. PurgeRule.Judge(packages, sources).Select(name => (Path.Combine(folder.Packages, name), false)),
            ];
            if (old.Length > 0)
            {
                folder.MakeWork();
                Directory.CreateDirectory(aside);
                foreach ((string path, bool isFolder) in old)
                {
                    string to = Path.Combine(aside, Path.GetFileName(path));
                    Try(site, isFolder ? () => SiteFolders.Move(path, to) : () => File.Move(path, to));
                }

                _ = shutdown.Track(Task.Run(() => Remove(site, aside), CancellationToken.None));
            }
        }
        catch (OperationCanceledException) when (shutdown.Stopping.IsCancellationRequested)
        {
            // The server is stopping. The purge after the next deployment finds the same releases.
        }
#pragma warning disable CA1031 // A purge that fails must not fail the deployment.
        catch (Exception error)
#pragma warning restore CA1031
        {
            DeployingLog.NotPurged(logger, error, site);
        }
    }

    private static (IReadOnlyList<RunRecord> Kept, IReadOnlyList<RunRecord> Newest) Kept(ITables tables, string site)
    {
        int keep = tables.Sites.Find(site)?.Keep ?? int.MaxValue;
        return (tables.Runs.Succeeded(site, keep), tables.Runs.List(site, keep, DateTimeOffset.MaxValue));
    }

    private static string[] Names(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path))] : [];

    /// <summary>Removes what was moved aside. What cannot be removed, for example because another user owns it, stays until the server starts again.</summary>
    private bool Remove(string site, string aside)
    {
        bool all = true;
        foreach (string path in Directory.EnumerateFiles(aside).ToArray())
        {
            all &= Try(site, () => File.Delete(path));
        }

        foreach (string path in Directory.EnumerateDirectories(aside).ToArray())
        {
            all &= Try(site, () => SiteFolders.Remove(path));
        }

        return all && Try(site, () => Directory.Delete(aside));
    }

    /// <summary>Runs one step. A failure is logged and does not stop the other steps.</summary>
    private bool Try(string site, Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            DeployingLog.NotPurged(logger, error, site);
            return false;
        }
    }
}

using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Releases;

/// <summary>The releases of one site: finds and switches the current one, and removes releases.</summary>
internal sealed class SiteReleases(SiteFolder folder)
{
    /// <summary>The name of the release that the site runs; null if it runs none.</summary>
    public string? Current => new FileInfo(folder.Current).LinkTarget is { } target ? Path.GetFileName(target) : null;

    /// <summary>
    /// Switches the site to a release. At every moment <c>current</c> leads to the previous release or to this one. The release is on disk before the switch,
    /// so that after a power cut the site runs one of the two completely.
    /// </summary>
    /// <exception cref="IOException">The switch failed. The site still runs the previous release.</exception>
    public void Switch(string release)
    {
        string next = folder.Current + ".next";
        File.Delete(next);
        File.CreateSymbolicLink(next, Path.Combine("releases", release));
        Posix.Flush(folder.Path);
        Posix.Rename(next, folder.Current);
        TryFlush();
    }

    /// <summary>Switches the site back to what it ran before, because its last deployment did not complete.</summary>
    /// <param name="release">The name of the earlier release; null if there was none.</param>
    public void Restore(string? release)
    {
        if (Current == release)
        {
            return;
        }

        if (release is not null && Directory.Exists(Path.Combine(folder.Releases, release)))
        {
            Switch(release);
        }
        else
        {
            File.Delete(folder.Current);
        }
    }

    /// <summary>
    /// Writes the link to disk before the end is recorded. If the disk fails at this moment, the record fails as well, and the next start compares the two.
    /// </summary>
    private void TryFlush()
    {
        try
        {
            Posix.Flush(folder.Path);
        }
        catch (IOException)
        {
            // The release is live, so the deployment must not be reported as failed.
        }
    }

    /// <summary>Removes a release if it exists.</summary>
    public void Remove(string release) => SiteFolders.Remove(Path.Combine(folder.Releases, release));
}

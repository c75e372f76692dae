using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Releases;

/// <summary>The releases of one site: which one it runs, and which are removed.</summary>
internal sealed class SiteReleases(SiteFolder folder)
{
    /// <summary>The name of the release that the site runs; null if it runs none.</summary>
    public string? Current => new FileInfo(folder.Current).LinkTarget is { } target ? Path.GetFileName(target) : null;

    /// <summary>
    /// Lets the site run a release: <c>current</c> leads to the one before or to this one, and never to neither. The release is on the disk
    /// before, so that a machine that loses its power runs one of them whole.
    /// </summary>
    /// <exception cref="IOException">The site runs what it ran.</exception>
    public void Switch(string release)
    {
        string next = folder.Current + ".next";
        File.Delete(next);
        File.CreateSymbolicLink(next, Path.Combine("releases", release));
        Posix.Flush(folder.Path);
        Posix.Rename(next, folder.Current);
        TryFlush();
    }

    /// <summary>Takes a site back to what it ran, where its last deployment did not come to its end.</summary>
    /// <param name="release">What it ran; null if it ran none.</param>
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

    /// <summary>Has the link on the disk before the end is recorded. A disk that fails just now fails the record as well, and the next start compares the two.</summary>
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

    /// <summary>Removes a release, if it is there.</summary>
    public void Remove(string release) => SiteFolders.Remove(Path.Combine(folder.Releases, release));
}

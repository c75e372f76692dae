using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>The folder of one site below the data folder: <c>sites/{site}</c>.</summary>
/// <param name="Path">Its absolute path.</param>
internal sealed record SiteFolder(string Path)
{
    private const string PushPrefix = "push-";

    /// <summary>The bare repository that receives pushes.</summary>
    public string Repository => System.IO.Path.Combine(Path, "repository.git");

    /// <summary>The releases, one folder for each run. A release is never written to again.</summary>
    public string Releases => System.IO.Path.Combine(Path, "releases");

    /// <summary>The zips that were sent, one for each deployment, kept so that they can be deployed again.</summary>
    public string Packages => System.IO.Path.Combine(Path, "packages");

    /// <summary>Work in progress; emptied when the server starts.</summary>
    public string Work => System.IO.Path.Combine(Path, "work");

    /// <summary>The link to the release that the site runs.</summary>
    public string Current => System.IO.Path.Combine(Path, "current");

    public string Release(RunRecord run) => System.IO.Path.Combine(Releases, ReleaseName(run));

    public string Checkout(RunRecord run) => System.IO.Path.Combine(Work, ReleaseName(run));

    /// <summary>The folder beside the source that a deploy command may use while it runs.</summary>
    public string Script(RunRecord run) => System.IO.Path.Combine(Work, $"script-{ReleaseName(run)}");

    public string Package(string deployment) => System.IO.Path.Combine(Packages, deployment + ".zip");

    /// <summary>
    /// The spare checkout: a commit's files, with their index beside the folder, for the next deployment to take over. If it exists, it is complete.
    /// </summary>
    public string Spare => System.IO.Path.Combine(Work, "spare");

    /// <summary>Where a spare checkout is prepared.</summary>
    public string UnfinishedSpare => System.IO.Path.Combine(Work, "spare-in-the-making");

    /// <summary>The folder of a push in progress: the pipes and hooks by which git talks to the server.</summary>
    public string Push(long id) => System.IO.Path.Combine(Work, $"{PushPrefix}{id}");

    /// <summary>The file in which a push that deploys notes its commit, before git stores it.</summary>
    public string PushedCommit(long id) => System.IO.Path.Combine(Push(id), "commit");

    /// <summary>The ids of the pushes that have a folder. When the server starts, these are the pushes that were cut off.</summary>
    public IEnumerable<long> Pushes => Directory.Exists(Work)
        ? Directory.EnumerateDirectories(Work, PushPrefix + "*").Select(path => long.TryParse(System.IO.Path.GetFileName(path)[PushPrefix.Length..], out long id) ? id : 0).Where(id => id > 0)
        : [];

    /// <summary>The folder in which old releases wait for their removal.</summary>
    public string Purge(long id) => System.IO.Path.Combine(Work, $"purge-{id}");

    /// <summary>Creates the folder of the releases. Other users may enter it, so that a web server can serve the files, see docs/operations.md.</summary>
    public void MakeReleases() => Make(Releases, SiteFolders.MakeReadable);

    /// <summary>Creates the folder for work in progress. Only the server's user may enter it.</summary>
    public void MakeWork() => Make(Work, SiteFolders.MakePrivate);

    private void Make(string folder, Action<string> make)
    {
        SiteFolders.MakeReadable(System.IO.Path.GetDirectoryName(Path)!);
        SiteFolders.MakeReadable(Path);
        make(folder);
    }

    /// <summary>Returns the name of a run's release.</summary>
    public static string ReleaseName(RunRecord run) => $"{run.Deployment}-{run.Number}";
}

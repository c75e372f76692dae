using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>The folder of one site below the data folder: <c>sites/{site}</c>.</summary>
/// <param name="Path">Its absolute path.</param>
internal sealed record SiteFolder(string Path)
{
    private const string DeployingPush = "push-";

    /// <summary>The bare repository that pushes go to.</summary>
    public string Repository => System.IO.Path.Combine(Path, "repository.git");

    /// <summary>What was deployed, one folder for each run: none is ever written to again.</summary>
    public string Releases => System.IO.Path.Combine(Path, "releases");

    /// <summary>The zips that were sent, one for each deployment, so that it can be deployed again.</summary>
    public string Packages => System.IO.Path.Combine(Path, "packages");

    /// <summary>What is in the making; emptied when the server starts.</summary>
    public string Work => System.IO.Path.Combine(Path, "work");

    /// <summary>The link to the release that the site runs.</summary>
    public string Current => System.IO.Path.Combine(Path, "current");

    public string Release(RunRecord run) => System.IO.Path.Combine(Releases, ReleaseName(run));

    public string Source(RunRecord run) => System.IO.Path.Combine(Work, ReleaseName(run));

    /// <summary>What a deploy command finds beside its source, while it runs.</summary>
    public string Script(RunRecord run) => System.IO.Path.Combine(Work, $"script-{ReleaseName(run)}");

    public string Package(string deployment) => System.IO.Path.Combine(Packages, deployment + ".zip");

    /// <summary>A commit's files with their index beside them, for the next deployment to take over; whole if it is there.</summary>
    public string Spare => System.IO.Path.Combine(Work, "spare");

    /// <summary>Where a spare is made.</summary>
    public string SpareInTheMaking => System.IO.Path.Combine(Work, "spare-in-the-making");

    /// <summary>Where a push that may deploy speaks with the server, while it goes on.</summary>
    public string Push(long id) => System.IO.Path.Combine(Work, $"{DeployingPush}{id}");

    /// <summary>Where a push that may deploy notes the commit that it brings, before git takes it.</summary>
    public string PushedCommit(long id) => System.IO.Path.Combine(Push(id), "commit");

    /// <summary>Where any other push does.</summary>
    public string StoringPush(long id) => System.IO.Path.Combine(Work, $"storing-push-{id}");

    /// <summary>The pushes that may deploy and are there, by their ids: at the start those that were cut off.</summary>
    public IEnumerable<long> Pushes => Directory.Exists(Work)
        ? Directory.EnumerateDirectories(Work, DeployingPush + "*").Select(path => long.TryParse(System.IO.Path.GetFileName(path)[DeployingPush.Length..], out long id) ? id : 0).Where(id => id > 0)
        : [];

    /// <summary>Where old releases lie until they are removed.</summary>
    public string Purge(long id) => System.IO.Path.Combine(Work, $"purge-{id}");

    /// <summary>Makes the folder of the releases: a web server may have its way to them, see docs/operations.md.</summary>
    public void MakeReleases() => Make(Releases, SiteFolders.MakeReadable);

    /// <summary>Makes the folder of what is in the making, which is nobody else's business.</summary>
    public void MakeWork() => Make(Work, SiteFolders.MakePrivate);

    private void Make(string folder, Action<string> make)
    {
        SiteFolders.MakeReadable(System.IO.Path.GetDirectoryName(Path)!);
        SiteFolders.MakeReadable(Path);
        make(folder);
    }

    /// <summary>The name of a run's release.</summary>
    public static string ReleaseName(RunRecord run) => $"{run.Deployment}-{run.Number}";
}

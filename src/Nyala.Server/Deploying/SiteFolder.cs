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

    public string Package(string deployment) => System.IO.Path.Combine(Packages, deployment + ".zip");

    /// <summary>Where a push that may deploy speaks with the server, while it goes on.</summary>
    public string Push(long id) => System.IO.Path.Combine(Work, $"{DeployingPush}{id}");

    /// <summary>Where any other push does.</summary>
    public string StoringPush(long id) => System.IO.Path.Combine(Work, $"storing-push-{id}");

    /// <summary>Whether a push that may deploy is there: at the start one that was cut off.</summary>
    public bool HasPush => Directory.Exists(Work) && Directory.EnumerateDirectories(Work, DeployingPush + "*").Any();

    /// <summary>The name of a run's release.</summary>
    public static string ReleaseName(RunRecord run) => $"{run.Deployment}-{run.Number}";
}

using System.Text;

namespace Nyala.Server.Deploying.Commands;

/// <summary>
/// What a deploy script of Kudu's finds beside the source: a folder for temporary files, the manifests of <c>kudusync</c>, and a git repository.
/// It is the run's own, and goes when the command has ended.
/// </summary>
/// <param name="path">Where it is. It must not begin with the source's path: <c>kudusync</c> would take the one for a part of the other.</param>
internal sealed class ScriptFolder(string path)
{
    private const string Link = ".git";

    /// <summary>An empty folder for whatever the script likes.</summary>
    public string Temporary => Path.Combine(path, "temp");

    /// <summary>Where the script writes which files it has deployed.</summary>
    public string NextManifest => Path.Combine(path, "manifest");

    /// <summary>Which files the target holds from earlier: none, since each release begins empty. <c>kudusync</c> fails if the file is not there.</summary>
    public string PreviousManifest => Path.Combine(path, "previous-manifest");

    /// <summary>Where the git repository of the source is, if it has one.</summary>
    public string Repository => Path.Combine(path, "git");

    /// <summary>Creates it again.</summary>
    public void Make()
    {
        SiteFolders.Remove(path);
        Directory.CreateDirectory(Temporary);
        File.WriteAllBytes(PreviousManifest, []);
    }

    /// <summary>Lets git find the repository from the source, by a file that leads to it: a copy of that file brings no history into a release.</summary>
    public void LinkFrom(string source)
    {
        if (Directory.Exists(Repository))
        {
            File.WriteAllText(Path.Combine(source, Link), LinkText);
        }
    }

    /// <summary>Takes what <see cref="LinkFrom"/> has made out of a folder, and nothing else.</summary>
    public void UnlinkFrom(string folder)
    {
        var link = new FileInfo(Path.Combine(folder, Link));
        if (link is { Exists: true, LinkTarget: null } && link.Length == Encoding.UTF8.GetByteCount(LinkText) && File.ReadAllText(link.FullName) == LinkText)
        {
            SiteFolders.RemoveFile(link.FullName);
        }
    }

    /// <summary>Removes it. What cannot be removed goes at the server's next start, with all that is in the making.</summary>
    public void Remove()
    {
        try
        {
            SiteFolders.Remove(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What the command left running still writes there.
        }
    }

    private string LinkText => $"gitdir: {Repository}\n";
}

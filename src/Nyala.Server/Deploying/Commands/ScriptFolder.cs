using System.Text;

namespace Nyala.Server.Deploying.Commands;

/// <summary>
/// The files that a Kudu deploy script expects beside the source: a folder for temporary files, the manifests of <c>kudusync</c>, and a git repository. Each
/// run has its own folder, which is removed when the command has ended.
/// </summary>
/// <param name="path">The folder's path. It must not begin with the source's path, because <c>kudusync</c> would take it for a part of the source.</param>
internal sealed class ScriptFolder(string path)
{
    private const string Link = ".git";

    /// <summary>An empty folder for temporary files of the script.</summary>
    public string Temporary => Path.Combine(path, "temp");

    /// <summary>Where the script lists the files that it has deployed.</summary>
    public string NextManifest => Path.Combine(path, "manifest");

    /// <summary>
    /// Lists the files that the target already holds: none, because each release begins empty. <c>kudusync</c> fails if this file does not exist.
    /// </summary>
    public string PreviousManifest => Path.Combine(path, "previous-manifest");

    /// <summary>The git repository of the source, if it has one.</summary>
    public string Repository => Path.Combine(path, "git");

    /// <summary>Creates the folder, and replaces one that exists.</summary>
    public void Make()
    {
        SiteFolders.Remove(path);
        Directory.CreateDirectory(Temporary);
        File.WriteAllBytes(PreviousManifest, []);
    }

    /// <summary>Lets git find the repository from the source, by a file that points to it. A copy of that file brings no history into a release.</summary>
    public void LinkFrom(string source)
    {
        if (Directory.Exists(Repository))
        {
            File.WriteAllText(Path.Combine(source, Link), LinkText);
        }
    }

    /// <summary>Removes from a folder what <see cref="LinkFrom"/> has created, and nothing else.</summary>
    public void UnlinkFrom(string folder)
    {
        var link = new FileInfo(Path.Combine(folder, Link));
        if (link is { Exists: true, LinkTarget: null } && link.Length == Encoding.UTF8.GetByteCount(LinkText) && File.ReadAllText(link.FullName) == LinkText)
        {
            SiteFolders.RemoveFile(link.FullName);
        }
    }

    /// <summary>Removes the folder. What cannot be removed goes at the server's next start, with all other work in progress.</summary>
    public void Remove()
    {
        try
        {
            SiteFolders.Remove(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Processes that the command left running still write there.
        }
    }

    private string LinkText => $"gitdir: {Repository}\n";
}

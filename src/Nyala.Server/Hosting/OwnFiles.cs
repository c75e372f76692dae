using System.Runtime.Versioning;
using Nyala.Server.Disk;

namespace Nyala.Server.Hosting;

/// <summary>
/// Makes what lies in the data folder its owner's alone at each start: a backup that was restored, or an operator's editor, may have left
/// it open to others. What belongs to somebody else is refused.
/// </summary>
internal static class OwnFiles
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    private static readonly string[] Names = ["nyala.db*", "admin-token*", DataFolder.LockName, HolderProof.FileName + "*"];

    /// <summary>A web server that serves a release passes through the data folder, so an operator may open the way, and no more than that.</summary>
    private const UnixFileMode OthersWay = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute | UnixFileMode.SetGroup;

    /// <summary>The folders above the releases may be read by others, but never written.</summary>
    private const UnixFileMode OthersView = OthersWay | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Closes the data folder itself, before anything in it is looked at.</summary>
    /// <exception cref="ServerStartException">It is not a folder of the server's user.</exception>
    public static void CloseFolder(string data) => CloseFolder(data, OthersWay);

    /// <summary>Closes all that is in the data folder, except for what the releases hold.</summary>
    /// <exception cref="ServerStartException">Something belongs to another user, or is a link.</exception>
    public static void Close(string data)
    {
        foreach (string file in Names.SelectMany(name => Directory.EnumerateFileSystemEntries(data, name)))
        {
            CloseFile(file);
        }

        string keys = Path.Combine(data, "keys");
        if (CloseFolder(keys, UnixFileMode.None))
        {
            foreach (string key in Directory.EnumerateFiles(keys))
            {
                CloseFile(key);
            }
        }

        CloseFolder(Path.Combine(data, "git-hooks"), UnixFileMode.None);
        string sites = Path.Combine(data, "sites");
        if (!CloseFolder(sites, OthersView))
        {
            return;
        }

        foreach (string site in Directory.EnumerateDirectories(sites))
        {
            CloseFolder(site, OthersView);
            CloseFolder(Path.Combine(site, "releases"), OthersView);
            CloseFolder(Path.Combine(site, "repository.git"), UnixFileMode.SetGroup);
            CloseFolder(Path.Combine(site, "packages"), UnixFileMode.SetGroup);
            CloseFolder(Path.Combine(site, "work"), UnixFileMode.SetGroup);
        }
    }

    /// <summary>Refuses a file of the data folder that is not the server's own, before it is opened.</summary>
    /// <exception cref="ServerStartException">It belongs to another user, or is a link.</exception>
    public static void CheckFile(string path)
    {
        if (OperatingSystem.IsLinux() && FileFacts.Read(path, follow: false) is { } facts && OwnershipRule.RefuseFile(path, facts, FileFacts.CurrentUser) is { } refusal)
        {
            throw new ServerStartException(refusal);
        }
    }

    private static void CloseFile(string path)
    {
        CheckFile(path);
        if (!OperatingSystem.IsWindows())
        {
            SetMode(path, OwnersFile);
        }
    }

    /// <param name="others">What others may keep of what they are allowed.</param>
    /// <returns>Whether the folder is there.</returns>
    private static bool CloseFolder(string path, UnixFileMode others)
    {
        if (OperatingSystem.IsLinux() && FileFacts.Read(path, follow: true) is { } facts && OwnershipRule.RefuseFolder(path, facts, FileFacts.CurrentUser) is { } refusal)
        {
            throw new ServerStartException(refusal);
        }

        if (!Directory.Exists(path))
        {
            return false;
        }

        if (!OperatingSystem.IsWindows())
        {
            SetMode(path, OwnersFolder | (File.GetUnixFileMode(path) & others));
        }

        return true;
    }

    [UnsupportedOSPlatform("windows")]
    private static void SetMode(string path, UnixFileMode mode)
    {
        try
        {
            if (File.GetUnixFileMode(path) != mode)
            {
                File.SetUnixFileMode(path, mode);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServerStartException($"The mode of {path} cannot be set, so that others may read it: {error.Message}", error);
        }
    }
}

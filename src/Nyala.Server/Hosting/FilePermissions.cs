using System.Runtime.Versioning;
using Nyala.Server.Disk;

namespace Nyala.Server.Hosting;

/// <summary>
/// Restricts the data folder to its owner at each start, because a restored backup or an operator's editor may have opened it to others. Refuses entries that
/// belong to another user.
/// </summary>
internal static class FilePermissions
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    private static readonly string[] Names = ["nyala.db*", "admin-token*", DataFolder.LockName, DataFolderProof.FileName + "*"];

    /// <summary>A web server that serves a release passes through the data folder, so an operator may let others pass, but nothing more.</summary>
    private const UnixFileMode OthersWay = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute | UnixFileMode.SetGroup;

    /// <summary>Others may read the folders above the releases, but never write to them.</summary>
    private const UnixFileMode OthersView = OthersWay | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Restricts the data folder itself, before anything in it is read.</summary>
    /// <exception cref="ServerStartException">It is not a folder of the server's user.</exception>
    public static void RestrictFolder(string data) => RestrictFolder(data, OthersWay);

    /// <summary>Restricts everything in the data folder, except the content of the releases.</summary>
    /// <exception cref="ServerStartException">Something belongs to another user, or is a link.</exception>
    public static void Restrict(string data)
    {
        foreach (string file in Names.SelectMany(name => Directory.EnumerateFileSystemEntries(data, name)))
        {
            RestrictFile(file);
        }

        string keys = Path.Combine(data, "keys");
        if (RestrictFolder(keys, UnixFileMode.None))
        {
            foreach (string key in Directory.EnumerateFiles(keys))
            {
                RestrictFile(key);
            }
        }

        RestrictFolder(Path.Combine(data, "git-hooks"), UnixFileMode.None);
        string sites = Path.Combine(data, "sites");
        if (!RestrictFolder(sites, OthersView))
        {
            return;
        }

        foreach (string site in Directory.EnumerateDirectories(sites))
        {
            RestrictFolder(site, OthersView);
            RestrictFolder(Path.Combine(site, "releases"), OthersView);
            RestrictFolder(Path.Combine(site, "repository.git"), UnixFileMode.SetGroup);
            RestrictFolder(Path.Combine(site, "packages"), UnixFileMode.SetGroup);
            RestrictFolder(Path.Combine(site, "work"), UnixFileMode.SetGroup);
        }
    }

    /// <summary>Refuses a file in the data folder that is not the server's own, before it is opened.</summary>
    /// <exception cref="ServerStartException">The file belongs to another user, or is a link.</exception>
    public static void CheckFile(string path)
    {
        if (OperatingSystem.IsLinux() && FileFacts.Read(path, follow: false) is { } facts && OwnershipRule.RefuseFile(path, facts, FileFacts.CurrentUser) is { } refusal)
        {
            throw new ServerStartException(refusal);
        }
    }

    private static void RestrictFile(string path)
    {
        CheckFile(path);
        if (!OperatingSystem.IsWindows())
        {
            SetMode(path, OwnersFile);
        }
    }

    /// <param name="others">The permissions that others may keep.</param>
    /// <returns>Whether the folder exists.</returns>
    private static bool RestrictFolder(string path, UnixFileMode others)
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
            throw new ServerStartException($"The mode of {path} cannot be set, so other users might be able to read it: {error.Message}", error);
        }
    }
}

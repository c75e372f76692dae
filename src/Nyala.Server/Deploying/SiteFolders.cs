using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;

namespace Nyala.Server.Deploying;

/// <summary>Locates the folders of all sites, and creates, moves and removes folders.</summary>
/// <param name="data">The data folder.</param>
internal sealed class SiteFolders(string data)
{
    private const UnixFileMode OwnersAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode OthersRead = UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string _root = Path.Combine(data, "sites");

    /// <summary>The folder that contains the sites' folders.</summary>
    public string Root => _root;

    /// <summary>
    /// Where zips and files are received before they belong to a site, so that the removal of a site does not take uploads with it. Emptied when the server
    /// starts.
    /// </summary>
    public string Uploads { get; } = Path.Combine(data, "uploads");

    /// <summary>What a start has moved aside, to be removed while the server runs.</summary>
    public string Discarded { get; } = Path.Combine(data, "discarded");

    /// <param name="site">The site's name, in the case in which it was created.</param>
    public SiteFolder Of(string site) => new(Path.Combine(_root, site));

    /// <summary>The site folders that exist.</summary>
    public IEnumerable<SiteFolder> All => Directory.Exists(_root) ? Directory.EnumerateDirectories(_root).Select(path => new SiteFolder(path)) : [];

    /// <summary>Creates a folder that other users may read, whatever the server's umask, if it does not exist. Its parent folder must exist.</summary>
    public static void MakeReadable(string folder) => Make(folder, OwnersAll | OthersRead);

    /// <summary>Creates a folder that no other user may enter, whatever the server's umask, if it does not exist. Its parent folder must exist.</summary>
    public static void MakePrivate(string folder) => Make(folder, OwnersAll);

    /// <summary>Sets the mode of a folder, whatever the server's umask. It keeps the set-group-ID bit that the folder inherited.</summary>
    public static void SetMode(string folder, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, mode | (File.GetUnixFileMode(folder) & UnixFileMode.SetGroup));
        }
    }

    /// <summary>Removes a file, even if its folder is not writable.</summary>
    public static void RemoveFile(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (UnauthorizedAccessException) when (!OperatingSystem.IsWindows())
        {
            string folder = Path.GetDirectoryName(file)!;
            UnixFileMode mode = File.GetUnixFileMode(folder);
            File.SetUnixFileMode(folder, mode | OwnersAll);
            File.Delete(file);
            File.SetUnixFileMode(folder, mode);
        }
    }

    /// <summary>
    /// Removes a folder and everything in it, if it exists. This also works if folders in it are not writable, as many tools leave their caches, or if names in
    /// it are not UTF-8. Links are removed, not followed.
    /// </summary>
    public static void Remove(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        try
        {
            Delete(folder);
        }
        catch (UnauthorizedAccessException) when (!OperatingSystem.IsWindows())
        {
            Open(new DirectoryInfo(folder));
            Delete(folder);
        }
    }

    /// <summary>Moves a folder, even if it is not writable.</summary>
    public static void Move(string from, string to)
    {
        try
        {
            Directory.Move(from, to);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException && !OperatingSystem.IsWindows() && Owner(from) != OwnersAll)
        {
            // A folder records its parent, so moving it writes to it.
            UnixFileMode mode = File.GetUnixFileMode(from);
            File.SetUnixFileMode(from, mode | OwnersAll);
            Directory.Move(from, to);
            File.SetUnixFileMode(to, mode);
        }
    }

    private static void Make(string folder, UnixFileMode mode)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            SetMode(folder, mode);
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException) when (!OperatingSystem.IsWindows())
        {
            // The framework lists names that are not UTF-8, but then does not find the files.
            if (!IsRemovedBySystem(folder))
            {
                throw;
            }
        }
    }

    private static bool IsRemovedBySystem(string folder)
    {
        try
        {
            using Process remove = Process.Start(new ProcessStartInfo("rm", ["-rf", "--", folder]) { RedirectStandardError = true })!;
            remove.StandardError.ReadToEnd();
            remove.WaitForExit();
            return remove.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            // rm is not installed.
            return false;
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void Open(DirectoryInfo folder)
    {
        File.SetUnixFileMode(folder.FullName, File.GetUnixFileMode(folder.FullName) | OwnersAll);
        foreach (DirectoryInfo inner in folder.EnumerateDirectories().Where(inner => inner.Exists && inner.LinkTarget is null))
        {
            Open(inner);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static UnixFileMode Owner(string folder) => File.GetUnixFileMode(folder) & OwnersAll;
}

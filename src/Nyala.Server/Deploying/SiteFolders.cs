using System.Runtime.Versioning;

namespace Nyala.Server.Deploying;

/// <summary>Where the sites' folders are.</summary>
/// <param name="data">The data folder.</param>
internal sealed class SiteFolders(string data)
{
    private const UnixFileMode OwnersAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _root = Path.Combine(data, "sites");

    /// <summary>Where all of them are.</summary>
    public string Root => _root;

    /// <param name="site">The site's name as it was first written.</param>
    public SiteFolder Of(string site) => new(Path.Combine(_root, site));

    /// <summary>Those that are there.</summary>
    public IEnumerable<SiteFolder> All => Directory.Exists(_root) ? Directory.EnumerateDirectories(_root).Select(path => new SiteFolder(path)) : [];

    /// <summary>
    /// Removes a folder with all that is in it, if it is there; also where the folders in it are closed to writing, as many tools leave
    /// their caches. Links are removed and not followed.
    /// </summary>
    public static void Remove(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (UnauthorizedAccessException) when (!OperatingSystem.IsWindows())
        {
            Open(new DirectoryInfo(folder));
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Gives a folder another place, also where it is closed to writing.</summary>
    public static void Move(string from, string to)
    {
        try
        {
            Directory.Move(from, to);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException && !OperatingSystem.IsWindows() && Owner(from) != OwnersAll)
        {
            // A folder says where it is: to move it, it is written to.
            UnixFileMode mode = File.GetUnixFileMode(from);
            File.SetUnixFileMode(from, mode | OwnersAll);
            Directory.Move(from, to);
            File.SetUnixFileMode(to, mode);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void Open(DirectoryInfo folder)
    {
        File.SetUnixFileMode(folder.FullName, File.GetUnixFileMode(folder.FullName) | OwnersAll);
        foreach (DirectoryInfo inner in folder.EnumerateDirectories().Where(inner => inner.LinkTarget is null))
        {
            Open(inner);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static UnixFileMode Owner(string folder) => File.GetUnixFileMode(folder) & OwnersAll;
}

namespace Nyala.Server.Deploying;

/// <summary>Where the sites' folders are.</summary>
/// <param name="data">The data folder.</param>
internal sealed class SiteFolders(string data)
{
    private readonly string _root = Path.Combine(data, "sites");

    /// <param name="site">The site's name as it was first written.</param>
    public SiteFolder Of(string site) => new(Path.Combine(_root, site));

    /// <summary>Those that are there.</summary>
    public IEnumerable<SiteFolder> All => Directory.Exists(_root) ? Directory.EnumerateDirectories(_root).Select(path => new SiteFolder(path)) : [];

    /// <summary>Removes a folder with all that is in it, if it is there. Links are removed and not followed.</summary>
    public static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

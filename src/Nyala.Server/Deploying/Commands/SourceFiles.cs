namespace Nyala.Server.Deploying.Commands;

/// <summary>
/// Finds the files and folders that a text names in a source's folder. It goes through no link, because links may lead anywhere on this machine.
/// </summary>
/// <param name="Root">The source's folder.</param>
internal sealed record SourceFiles(string Root)
{
    /// <summary>Returns the path of a file; null if the name does not exist or is not a file.</summary>
    public string? FindFile(string path) =>
        Resolve(path) is { } full && full != Root && new FileInfo(full) is { Exists: true, LinkTarget: null } && IsFolder(Path.GetDirectoryName(full)) ? full : null;

    /// <summary>Returns the path of a folder; null if the name does not exist or is not a folder.</summary>
    public string? FindFolder(string path) => Resolve(path) is { } full && IsFolder(full) ? full : null;

    private string? Resolve(string path) => path.Contains('\0', StringComparison.Ordinal) ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(Root, path)));

    private bool IsFolder(string? full)
    {
        for (string? path = full; path != Root; path = Path.GetDirectoryName(path))
        {
            if (path is null || new DirectoryInfo(path) is not { Exists: true, LinkTarget: null })
            {
                return false;
            }
        }

        return true;
    }
}

using System.IO.Enumeration;
using Nyala.Server.Deploying.Commands;

namespace Nyala.Server.Deploying.Git;

/// <summary>The findings in a source's files that matter to its deployment. Paths are relative to the source's folder.</summary>
/// <param name="Pointers">The files that are Git LFS pointers.</param>
/// <param name="EmptyFolders">The empty folders. In a checkout these are the submodules, because git stores no other empty folders.</param>
/// <param name="DotDeployments">The files named <see cref="DotDeployment.FileName"/>, including links.</param>
internal sealed record SourceScan(IReadOnlyList<string> Pointers, IReadOnlyList<string> EmptyFolders, IReadOnlyList<string> DotDeployments)
{
    /// <summary>Examines every file in a folder. Links are not followed.</summary>
    public static SourceScan Of(string folder, CancellationToken cancellationToken)
    {
        // By default the framework skips hidden files, whose names begin with a dot.
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        var all = new FileSystemEnumerable<ChangedFile>(
            folder, (ref FileSystemEntry entry) => new ChangedFile(Path.GetRelativePath(folder, entry.ToFullPath()), IsRemoved: false), options)
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        return new SourceScan([], [], []).After(all, folder, cancellationToken);
    }

    /// <summary>Returns the scan of a folder after some of its files have changed. Only these files are examined.</summary>
    /// <param name="changes">Every file that has changed since this scan was made. Except for removed files, no path goes through a link.</param>
    /// <param name="folder">The folder, as it is now.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public SourceScan After(IEnumerable<ChangedFile> changes, string folder, CancellationToken cancellationToken)
    {
        SortedSet<string> pointers = Sorted(Pointers), emptyFolders = Sorted(EmptyFolders), dotDeployments = Sorted(DotDeployments);
        foreach ((string path, bool isRemoved) in changes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = new FileInfo(Path.Combine(folder, path));
            bool exists = !isRemoved && Exists(file);
            Put(pointers, path, exists && IsPlain(file) && LfsPointer.IsPointer(file));
            Put(emptyFolders, path, exists && IsEmptyFolder(file));
            Put(dotDeployments, path, exists && file.Name == DotDeployment.FileName && !IsFolder(file));
        }

        return new SourceScan([.. pointers], [.. emptyFolders], [.. dotDeployments]);
    }

    /// <summary>Returns the findings below a subfolder, with paths relative to it.</summary>
    /// <param name="folder">The relative path of the subfolder; "." for the whole folder.</param>
    public SourceScan Below(string folder)
    {
        return folder == "." ? this : new SourceScan(Those(Pointers), Those(EmptyFolders), Those(DotDeployments));

        string[] Those(IEnumerable<string> paths) => [.. paths.Where(path => path.StartsWith(folder + '/', StringComparison.Ordinal)).Select(path => path[(folder.Length + 1)..])];
    }

    private static SortedSet<string> Sorted(IEnumerable<string> paths) => new(paths, StringComparer.Ordinal);

    private static void Put(SortedSet<string> paths, string path, bool exists)
    {
        if (exists)
        {
            paths.Add(path);
        }
        else
        {
            paths.Remove(path);
        }
    }

    /// <summary>Whether a file exists. Also false if its name is not UTF-8, because the framework does not find it.</summary>
    private static bool Exists(FileInfo file) => file.Attributes != (FileAttributes)(-1);

    private static bool IsPlain(FileInfo file) => !file.Attributes.HasFlag(FileAttributes.ReparsePoint) && !file.Attributes.HasFlag(FileAttributes.Directory);

    private static bool IsFolder(FileInfo file) => file.Attributes.HasFlag(FileAttributes.Directory) && !file.Attributes.HasFlag(FileAttributes.ReparsePoint);

    private static bool IsEmptyFolder(FileInfo file) => IsFolder(file) && !Directory.EnumerateFileSystemEntries(file.FullName).Any();
}

/// <summary>A file in which two commits differ.</summary>
/// <param name="Path">Its path, relative to the top folder.</param>
/// <param name="IsRemoved">Whether the second commit does not have this path.</param>
internal readonly record struct ChangedFile(string Path, bool IsRemoved);

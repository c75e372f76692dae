using System.IO.Enumeration;
using Nyala.Server.Deploying.Commands;

namespace Nyala.Server.Deploying.Git;

/// <summary>What of a source's files bears on its deployment. Paths are relative to the source's folder.</summary>
/// <param name="Pointers">The files that are Git LFS pointers.</param>
/// <param name="EmptyFolders">The folders without anything in them: in a checkout the submodules, since git knows no empty folders but theirs.</param>
/// <param name="DotDeployments">The files with the name <see cref="DotDeployment.FileName"/>, links among them.</param>
internal sealed record SourceScan(IReadOnlyList<string> Pointers, IReadOnlyList<string> EmptyFolders, IReadOnlyList<string> DotDeployments)
{
    /// <summary>Looks at every file in a folder. Links are not followed.</summary>
    public static SourceScan Of(string folder, CancellationToken cancellationToken)
    {
        // By default the framework passes over what begins with a dot.
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        var all = new FileSystemEnumerable<ChangedFile>(
            folder, (ref FileSystemEntry entry) => new ChangedFile(Path.GetRelativePath(folder, entry.ToFullPath()), IsRemoved: false), options)
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        return new SourceScan([], [], []).After(all, folder, cancellationToken);
    }

    /// <summary>The survey of a folder after some of its files have changed: it looks at these alone.</summary>
    /// <param name="changes">Every file that has changed since this scan was made. The path of one that is not removed goes through no link.</param>
    /// <param name="folder">The folder, as it is now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public SourceScan After(IEnumerable<ChangedFile> changes, string folder, CancellationToken cancellationToken)
    {
        SortedSet<string> pointers = Sorted(Pointers), emptyFolders = Sorted(EmptyFolders), dotDeployments = Sorted(DotDeployments);
        foreach ((string path, bool isRemoved) in changes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = new FileInfo(Path.Combine(folder, path));
            bool isThere = !isRemoved && IsThere(file);
            Put(pointers, path, isThere && IsPlain(file) && LfsPointer.IsPointer(file));
            Put(emptyFolders, path, isThere && IsEmptyFolder(file));
            Put(dotDeployments, path, isThere && file.Name == DotDeployment.FileName && !IsFolder(file));
        }

        return new SourceScan([.. pointers], [.. emptyFolders], [.. dotDeployments]);
    }

    /// <summary>What it says of a folder below, with paths relative to that.</summary>
    /// <param name="folder">The folder's relative path; "." for all.</param>
    public SourceScan Below(string folder)
    {
        return folder == "." ? this : new SourceScan(Those(Pointers), Those(EmptyFolders), Those(DotDeployments));

        string[] Those(IEnumerable<string> paths) => [.. paths.Where(path => path.StartsWith(folder + '/', StringComparison.Ordinal)).Select(path => path[(folder.Length + 1)..])];
    }

    private static SortedSet<string> Sorted(IEnumerable<string> paths) => new(paths, StringComparer.Ordinal);

    private static void Put(SortedSet<string> paths, string path, bool isThere)
    {
        if (isThere)
        {
            paths.Add(path);
        }
        else
        {
            paths.Remove(path);
        }
    }

    /// <summary>False for a name that is no UTF-8, too: the framework finds no file by it.</summary>
    private static bool IsThere(FileInfo file) => file.Attributes != (FileAttributes)(-1);

    private static bool IsPlain(FileInfo file) => !file.Attributes.HasFlag(FileAttributes.ReparsePoint) && !file.Attributes.HasFlag(FileAttributes.Directory);

    private static bool IsFolder(FileInfo file) => file.Attributes.HasFlag(FileAttributes.Directory) && !file.Attributes.HasFlag(FileAttributes.ReparsePoint);

    private static bool IsEmptyFolder(FileInfo file) => IsFolder(file) && !Directory.EnumerateFileSystemEntries(file.FullName).Any();
}

/// <summary>A file in which two commits differ.</summary>
/// <param name="Path">Its path, relative to the top.</param>
/// <param name="IsRemoved">Whether the second has none of this path.</param>
internal readonly record struct ChangedFile(string Path, bool IsRemoved);

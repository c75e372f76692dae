namespace Nyala.Cli.Deploy;

/// <summary>Finds what of a folder is deployed: all but <c>.git</c> and what is left out.</summary>
internal sealed class FolderWalk
{
    private readonly string _root;
    private readonly Exclusion _exclusion;
    private readonly List<FolderFile> _files = [];

    private FolderWalk(string root, Exclusion exclusion) => (_root, _exclusion) = (root, exclusion);

    /// <summary>The files, in the order of their names.</summary>
    /// <exception cref="CommandFailure">There is nothing in it, or something that a zip cannot hold.</exception>
    public static IReadOnlyList<FolderFile> Find(string folder, Exclusion exclusion)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        root = new DirectoryInfo(root).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? root;
        var walk = new FolderWalk(root, exclusion);
        walk.Enter(new DirectoryInfo(root), "");
        return walk._files.Any(file => file.Source is not null) ? walk._files
            : throw new CommandFailure($"there is nothing to deploy in {folder}: it holds no file but those that are left out.");
    }

    private bool Enter(DirectoryInfo folder, string path)
    {
        bool any = false;
        foreach (FileSystemInfo one in folder.EnumerateFileSystemInfos().OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            string name = path + one.Name;
            if (_exclusion.Matches(name))
            {
                continue;
            }

            any = true;
            if (one.LinkTarget is { } target)
            {
                _files.Add(new FolderFile(name, Resolve(one, name, target)));
            }
            else if (one is DirectoryInfo below)
            {
                if (!Enter(below, name + "/"))
                {
                    _files.Add(new FolderFile(name + "/", null));
                }
            }
            else
            {
                _files.Add(new FolderFile(name, one.FullName));
            }
        }

        return any;
    }

    /// <summary>The file that a link stands for, where it is in the folder too: the server takes no links.</summary>
    private string Resolve(FileSystemInfo link, string name, string target)
    {
        string? file = null;
        try
        {
            file = link.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            // It leads round in circles.
        }

        return file is not null && File.Exists(file) && IsInside(file) ? file : throw new CommandFailure(
            $"{name} is a symbolic link to {target}, which is no file inside the folder. Put what it stands for in its place, or leave it out: --exclude {name}");
    }

    /// <summary>Also where a folder on the way is a link of its own.</summary>
    private bool IsInside(string file)
    {
        if (!file.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return false;
        }

        for (DirectoryInfo? above = Directory.GetParent(file); above is not null && above.FullName.Length > _root.Length; above = above.Parent)
        {
            if (above.LinkTarget is not null)
            {
                return false;
            }
        }

        return true;
    }
}

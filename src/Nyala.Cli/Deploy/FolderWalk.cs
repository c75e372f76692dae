namespace Nyala.Cli.Deploy;

/// <summary>Finds the files of a folder to deploy: all except <c>.git</c>, excluded files, and files that git ignores.</summary>
internal sealed class FolderWalk
{
    private readonly string _root;
    private readonly Exclusion _exclusion;
    private readonly IgnoredFiles _ignored;
    private readonly List<FolderFile> _files = [];
    private readonly List<string> _ignoredPaths = [];

    private FolderWalk(string root, Exclusion exclusion, IgnoredFiles ignored) => (_root, _exclusion, _ignored) = (root, exclusion, ignored);

    /// <summary>
    /// Returns the files to deploy, in the order of their names, and the paths that git ignores. The path of an ignored folder ends with a slash.
    /// </summary>
    /// <exception cref="CommandFailure">There is no file to deploy, or a zip file cannot contain one of them.</exception>
    public static (IReadOnlyList<FolderFile> Files, IReadOnlyList<string> Ignored) Find(string folder, Exclusion exclusion, IgnoredFiles ignored)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        root = new DirectoryInfo(root).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? root;
        var walk = new FolderWalk(root, exclusion, ignored);
        walk.Enter(new DirectoryInfo(root), "");
        return walk._files.Any(file => file.Source is not null) ? (walk._files, walk._ignoredPaths)
            : throw new CommandFailure($"there is nothing to deploy in {folder}: it has no files, or all of them are excluded"
                + (walk._ignoredPaths.Count > 0 ? $" or ignored by git (use {DeployCommand.IncludeIgnored} to send ignored files)." : "."));
    }

    private void Enter(DirectoryInfo folder, string path)
    {
        foreach (FileSystemInfo one in folder.EnumerateFileSystemInfos().OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            string name = path + one.Name;
            if (_exclusion.Matches(name))
            {
                continue;
            }

            if (_ignored.Matches(name))
            {
                _ignoredPaths.Add(one is DirectoryInfo ? name + "/" : name);
                continue;
            }

            Refuse(one, name);
            if (one.LinkTarget is { } target)
            {
                _files.Add(new FolderFile(name, Resolve(one, name, target)));
            }
            else if (one is DirectoryInfo below)
            {
                // A folder that is not empty is added too, because its mode is deployed.
                _files.Add(new FolderFile(name + "/", null, below));
                Enter(below, name + "/");
            }
            else
            {
                _files.Add(new FolderFile(name, one.FullName));
            }
        }
    }

    /// <summary>Throws if a zip file cannot contain the file or folder, or would contain it as something else.</summary>
    private static void Refuse(FileSystemInfo one, string name)
    {
        if (SpecialFile.IsNotUtf8(one))
        {
            throw new CommandFailure($"{name} has a name that is not UTF-8, which a zip file requires. Rename it, or exclude it: --exclude '{name.Replace('\uFFFD', '?')}'");
        }

        if (name.Contains('\\', StringComparison.Ordinal))
        {
            throw new CommandFailure($"{name} has a backslash in its name, which zip tools read as a folder separator. Rename it, or exclude it: --exclude '{name}'");
        }

        if (SpecialFile.NameOfSpecial(one.FullName) is { } special)
        {
            throw new CommandFailure($"{name} is {special}, which a zip file cannot contain. Remove it, or exclude it: --exclude {name}");
        }
    }

    /// <summary>Returns the file that a link points to, and throws if that file is not inside the deployed folder. The server accepts no links.</summary>
    private string Resolve(FileSystemInfo link, string name, string target)
    {
        string? file = null;
        try
        {
            file = link.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            // The link is part of a cycle.
        }

        return file is not null && File.Exists(file) && SpecialFile.NameOfSpecial(file) is null && IsInside(file) ? file : throw new CommandFailure(
            $"{name} is a symbolic link to {target}, which is not a file inside the folder. Replace the link with its target, or exclude it: --exclude {name}");
    }

    /// <summary>Whether a file is inside the deployed folder, and no folder between the two is a link, which could lead out of it.</summary>
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

namespace Nyala.Cli.Deploy;

/// <summary>Finds what of a folder is deployed: all but <c>.git</c>, what is left out, and what git ignores.</summary>
internal sealed class FolderWalk
{
    private readonly string _root;
    private readonly Exclusion _exclusion;
    private readonly IgnoredFiles _ignored;
    private readonly List<FolderFile> _files = [];
    private readonly List<string> _passedOver = [];

    private FolderWalk(string root, Exclusion exclusion, IgnoredFiles ignored) => (_root, _exclusion, _ignored) = (root, exclusion, ignored);

    /// <summary>The files, in the order of their names; and what of the folder git ignores, folders with a slash at their end.</summary>
    /// <exception cref="CommandFailure">There is nothing in it, or something that a zip cannot hold.</exception>
    public static (IReadOnlyList<FolderFile> Files, IReadOnlyList<string> PassedOver) Find(string folder, Exclusion exclusion, IgnoredFiles ignored)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        root = new DirectoryInfo(root).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? root;
        var walk = new FolderWalk(root, exclusion, ignored);
        walk.Enter(new DirectoryInfo(root), "");
        return walk._files.Any(file => file.Source is not null) ? (walk._files, walk._passedOver)
            : throw new CommandFailure($"there is nothing to deploy in {folder}: it has no files, or all of them are excluded"
                + (walk._passedOver.Count > 0 ? $" or ignored by git (use {DeployCommand.IncludeIgnored} to send ignored files)." : "."));
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
                _passedOver.Add(one is DirectoryInfo ? name + "/" : name);
                continue;
            }

            Refuse(one, name);
            if (one.LinkTarget is { } target)
            {
                _files.Add(new FolderFile(name, Resolve(one, name, target)));
            }
            else if (one is DirectoryInfo below)
            {
                // Also if it is not empty: its mode is deployed too.
                _files.Add(new FolderFile(name + "/", null, below));
                Enter(below, name + "/");
            }
            else
            {
                _files.Add(new FolderFile(name, one.FullName));
            }
        }
    }

    /// <summary>Refuses what a zip cannot hold, or holds as something else.</summary>
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

    /// <summary>The file that a link stands for, if it is in the folder too: the server takes no links.</summary>
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

        return file is not null && File.Exists(file) && SpecialFile.NameOfSpecial(file) is null && IsInside(file) ? file : throw new CommandFailure(
            $"{name} is a symbolic link to {target}, which is not a file inside the folder. Replace the link with its target, or exclude it: --exclude {name}");
    }

    /// <summary>Also if a folder on the way is a link.</summary>
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

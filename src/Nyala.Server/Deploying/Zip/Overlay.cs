using System.Runtime.Versioning;
using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Zip;

/// <summary>Adds files to a release that is being made. It writes through no link, because links in the release may lead anywhere.</summary>
internal static class Overlay
{
    private const UnixFileMode OwnersAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Moves files into a release.</summary>
    /// <param name="files">The folder that contains the files. It is empty afterwards, or partly empty if the files were refused.</param>
    /// <param name="release">The release.</param>
    /// <param name="path">The folder in the release, as segments separated by <c>/</c>.</param>
    /// <param name="clean">Whether that folder is emptied first.</param>
    /// <returns>Null if it succeeded; otherwise why the files were refused, for people.</returns>
    public static string? Apply(string files, string release, string path, bool clean)
    {
        string folder = release;
        string shown = "";
        foreach (string segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            folder = Path.Combine(folder, segment);
            shown = shown.Length == 0 ? segment : $"{shown}/{segment}";
            if (KindOf(folder) is Kind.Link or Kind.File)
            {
                return InTheWay(shown, KindOf(folder), "a folder");
            }

            Open(Path.GetDirectoryName(folder)!, () => SiteFolders.MakeReadable(folder));
        }

        if (clean)
        {
            Open(Path.GetDirectoryName(folder)!, () => Recreate(folder));
        }

        return Merge(files, folder, shown);
    }

    private static string? Merge(string from, string to, string shown)
    {
        string? wrong = null;
        Open(to, () =>
        {
            foreach (string entry in Directory.EnumerateFileSystemEntries(from).Order(StringComparer.Ordinal))
            {
                string name = Path.GetFileName(entry);
                wrong ??= Place(entry, Path.Combine(to, name), shown.Length == 0 ? name : $"{shown}/{name}");
            }
        });
        return wrong;
    }

    private static string? Place(string from, string to, string shown)
    {
        Kind there = KindOf(to);
        bool isFolder = KindOf(from) == Kind.Folder;
        switch (there)
        {
            case Kind.Nothing when isFolder:
                SiteFolders.Move(from, to);
                return null;
            case Kind.Folder when isFolder:
                return Merge(from, to, shown);
            case Kind.Folder:
                return InTheWay(shown, there, "a file");
            case Kind.File or Kind.Link when isFolder:
                return InTheWay(shown, there, "a folder");
            default:
                // A link itself is replaced, not its target.
                Posix.Rename(from, to);
                return null;
        }
    }

    private static string InTheWay(string shown, Kind there, string wanted) =>
        $"The current release has {(there == Kind.Link ? "a link" : there == Kind.File ? "a file" : "a folder")} at {ZipRule.Quote(shown)}, where {wanted} is needed. "
        + "Files are not written through a link, and do not replace an entry of another kind. Deploy with clean=true to the folder above, or deploy the whole site.";

    /// <summary>Empties a folder by replacing it with a new one of the same mode.</summary>
    private static void Recreate(string folder)
    {
        UnixFileMode? mode = OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(folder);
        SiteFolders.Remove(folder);
        SiteFolders.MakeReadable(folder);
        if (mode is { } same)
        {
            SiteFolders.SetMode(folder, same);
        }
    }

    private static Kind KindOf(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is not null ? Kind.Link
            : Directory.Exists(path) ? Kind.Folder
            : file.Exists ? Kind.File
            : Kind.Nothing;
    }

    /// <summary>Runs an action that writes to a folder, even if the folder is not writable, as in many releases. Restores its mode afterwards.</summary>
    private static void Open(string folder, Action act)
    {
        if (OperatingSystem.IsWindows())
        {
            act();
        }
        else
        {
            OpenOnUnix(folder, act);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void OpenOnUnix(string folder, Action act)
    {
        UnixFileMode mode = File.GetUnixFileMode(folder);
        if ((mode & OwnersAll) == OwnersAll)
        {
            act();
            return;
        }

        File.SetUnixFileMode(folder, mode | OwnersAll);
        try
        {
            act();
        }
        finally
        {
            File.SetUnixFileMode(folder, mode);
        }
    }

    private enum Kind
    {
        Nothing,
        File,
        Folder,
        Link,
    }
}

using Nyala.Server.Disk;

namespace Nyala.Cli.Spool;

/// <summary>Creates folders and files that only their owner can read, because logs and messages can be confidential. They survive a power cut.</summary>
internal static class PrivateFiles
{
    public static void CreateFolder(string path) => DurableFiles.CreateFolder(path);

    /// <summary>Writes a file completely or not at all.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes) => DurableFiles.WritePrivate(path, bytes);

    /// <summary>Renames a file, and replaces a file that already has the new name.</summary>
    public static void Move(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        string target = Path.GetDirectoryName(to)!;
        DurableFiles.SyncFolder(target);
        if (Path.GetDirectoryName(from) is { } source && source != target)
        {
            DurableFiles.SyncFolder(source);
        }
    }
}

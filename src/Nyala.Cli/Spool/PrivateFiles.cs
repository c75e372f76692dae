using Nyala.Server.Disk;

namespace Nyala.Cli.Spool;

/// <summary>
/// Folders and files that only their owner can read: logs and messages may hold what is nobody else's affair. What is written here outlives a
/// power cut.
/// </summary>
internal static class PrivateFiles
{
    public static void CreateFolder(string path) => DurableFiles.CreateFolder(path);

    /// <summary>Writes a file whole or not at all.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes) => DurableFiles.WritePrivate(path, bytes);

    /// <summary>Gives a file another name, in place of what has it.</summary>
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

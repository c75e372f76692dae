using System.IO.Enumeration;

namespace Nyala.Server.Deploying;

/// <summary>What Git LFS stores in place of a large file: a few lines that say where its content is. A client without LFS, and a zip that a server made, hold these alone.</summary>
internal static class LfsPointer
{
    private const int Shortest = 100;

    /// <summary>LFS's own limit: a file of this many bytes is none.</summary>
    private const int TooLong = 1024;

    private static ReadOnlySpan<byte> Oid => "\noid sha256:"u8;

    private static ReadOnlySpan<byte> Size => "\nsize "u8;

    /// <summary>Whether these bytes are a pointer, of this or of an earlier form. Pure.</summary>
    public static bool IsPointer(ReadOnlySpan<byte> content) =>
        content.Length is >= Shortest and < TooLong
        && (content.StartsWith("version https://git-lfs.github.com/spec/v1"u8)
            || content.StartsWith("version https://hawser.github.com/spec/v1"u8)
            || content.StartsWith("version http://git-media.io/v/2"u8))
        && content.IndexOf(Oid) > 0
        && content.IndexOf(Size) > 0;

    /// <summary>The pointers in a folder, by their paths below it, in order. Links are not followed.</summary>
    public static IReadOnlyList<string> Find(string folder, CancellationToken cancellationToken)
    {
        // By default the framework passes over what begins with a dot.
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var small = new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && entry.Length is >= Shortest and < TooLong,
        };
        var found = new List<string>();
        byte[] buffer = new byte[TooLong];
        foreach (string path in small)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsPointer(Read(path, buffer)))
            {
                found.Add(Path.GetRelativePath(folder, path));
            }
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static ReadOnlySpan<byte> Read(string path, byte[] buffer)
    {
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path);
            return buffer.AsSpan(0, RandomAccess.Read(file, buffer, fileOffset: 0));
        }
        catch (UnauthorizedAccessException)
        {
            // Who cannot read it cannot serve it either, whatever it is.
            return [];
        }
    }
}

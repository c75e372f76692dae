namespace Nyala.Server.Deploying.Git;

/// <summary>
/// Recognizes the pointers that Git LFS stores instead of large files: a few lines that say where the content is. A clone without LFS, and a zip that a hosting
/// service made, contain only the pointers.
/// </summary>
internal static class LfsPointer
{
    private const int Shortest = 100;

    /// <summary>LFS's own limit: a file of this many bytes or more is not a pointer.</summary>
    private const int TooLong = 1024;

    private static ReadOnlySpan<byte> Oid => "\noid sha256:"u8;

    private static ReadOnlySpan<byte> Size => "\nsize "u8;

    /// <summary>Whether these bytes are a pointer, in the current or an earlier format. Pure.</summary>
    public static bool IsPointer(ReadOnlySpan<byte> content) =>
        content.Length is >= Shortest and < TooLong
        && (content.StartsWith("version https://git-lfs.github.com/spec/v1"u8)
            || content.StartsWith("version https://hawser.github.com/spec/v1"u8)
            || content.StartsWith("version http://git-media.io/v/2"u8))
        && content.IndexOf(Oid) > 0
        && content.IndexOf(Size) > 0;

    /// <summary>Whether a file is a pointer. The file must exist and must not be a link.</summary>
    public static bool IsPointer(FileInfo file)
    {
        if (file.Length is < Shortest or >= TooLong)
        {
            return false;
        }

        Span<byte> content = stackalloc byte[TooLong];
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(file.FullName);
            return IsPointer(content[..RandomAccess.Read(handle, content, fileOffset: 0)]);
        }
        catch (UnauthorizedAccessException)
        {
            // A file that cannot be read cannot be served either, whatever it is.
            return false;
        }
    }
}

using System.Runtime.InteropServices;

namespace Nyala.Cli.Deploy;

/// <summary>Finds out the kind of a file without opening it, because opening a named pipe can block forever.</summary>
internal static partial class SpecialFile
{
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint TypeAndMode = 0x3;
    private const int StatSize = 256;
    private const int ModeOffset = 28;

    private const int KindMask = 0xF000;

    /// <summary>Returns the kind of a special file, such as a socket; null for a regular file, a folder or a link, and if the kind is unknown.</summary>
    public static string? NameOfSpecial(string path) => ModeOf(path) is not { } mode ? null : (mode & KindMask) switch
    {
        0x1000 => "a named pipe (FIFO)",
        0x2000 => "a character device",
        0x6000 => "a block device",
        0xC000 => "a socket",
        _ => null,
    };

    /// <summary>
    /// Whether a name from a folder contains bytes that are not UTF-8. The runtime replaces them with U+FFFD, so the name cannot be used to open the file.
    /// </summary>
    public static bool IsNotUtf8(FileSystemInfo found) => found.Name.Contains('\uFFFD', StringComparison.Ordinal) && OperatingSystem.IsLinux() && ModeOf(found.FullName) is null;

    private static int? ModeOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> stat = stackalloc byte[StatSize];
        try
        {
            return statx(CurrentFolder, path, DoNotFollow, TypeAndMode, stat) == 0 ? BitConverter.ToUInt16(stat[ModeOffset..]) : null;
        }
        catch (EntryPointNotFoundException)
        {
            // An old C library without statx. Empty files, which include pipes, are never opened anyway.
            return null;
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, Span<byte> stat);
}

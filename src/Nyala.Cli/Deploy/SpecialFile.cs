using System.Runtime.InteropServices;

namespace Nyala.Cli.Deploy;

/// <summary>What kind of file a path names, without opening it: to open a pipe would wait for a writer forever.</summary>
internal static partial class SpecialFile
{
    private const int HereAndNow = -100;
    private const int DoNotFollow = 0x100;
    private const uint TypeAndMode = 0x3;
    private const int StatSize = 256;
    private const int ModeOffset = 28;

    private const int KindMask = 0xF000;

    /// <summary>The name of a file that is neither a file with content, nor a folder, nor a link; null if it is one of these, or this system does not say.</summary>
    public static string? NameOfSpecial(string path) => ModeOf(path) is not { } mode ? null : (mode & KindMask) switch
    {
        0x1000 => "a named pipe (FIFO)",
        0x2000 => "a character device",
        0x6000 => "a block device",
        0xC000 => "a socket",
        _ => null,
    };

    /// <summary>
    /// Whether a name that was read from a folder cannot be used again: it holds bytes that are not UTF-8, for which the runtime shows U+FFFD.
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
            return statx(HereAndNow, path, DoNotFollow, TypeAndMode, stat) == 0 ? BitConverter.ToUInt16(stat[ModeOffset..]) : null;
        }
        catch (EntryPointNotFoundException)
        {
            // An old C library. An empty file is never opened in any case.
            return null;
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, Span<byte> stat);
}

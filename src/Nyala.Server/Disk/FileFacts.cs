using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Nyala.Server.Disk;

internal enum FileKind
{
    File,
    Folder,
    Link,
    Other,
}

/// <summary>The facts that decide whether a file is the server's own.</summary>
/// <param name="Owner">The user id of its owner.</param>
/// <param name="Names">The number of its names (hard links).</param>
internal readonly record struct FileFacts(FileKind Kind, uint Owner, uint Names)
{
    /// <summary>Reads the facts of a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="follow">Whether to read the target of a symbolic link instead of the link.</param>
    /// <returns>Null if the path does not exist or cannot be read.</returns>
    [SupportedOSPlatform("linux")]
    public static FileFacts? Read(string path, bool follow) => FileSystem.Stat(path, follow);

    /// <summary>The effective user id of this process.</summary>
    [SupportedOSPlatform("linux")]
    public static uint CurrentUser => FileSystem.CurrentUser;
}

/// <summary>The two system calls behind <see cref="FileFacts"/>. <c>statx</c> has the same layout on every processor.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class FileSystem
{
    private const int FromWorkingFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint BasicFacts = 0x7ff;
    private const int StructureSize = 256;
    private const int TypeMask = 0xF000;

    public static uint CurrentUser => geteuid();

    public static FileFacts? Stat(string path, bool follow)
    {
        byte* facts = stackalloc byte[StructureSize];
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            if (statx(FromWorkingFolder, name, follow ? 0 : DoNotFollow, BasicFacts, facts) != 0)
            {
                return null;
            }
        }

        uint names = *(uint*)(facts + 16);
        uint owner = *(uint*)(facts + 20);
        FileKind kind = (*(ushort*)(facts + 28) & TypeMask) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Folder,
            0xA000 => FileKind.Link,
            _ => FileKind.Other,
        };
        return new FileFacts(kind, owner, names);
    }

    [LibraryImport("libc")]
    private static partial int statx(int folder, byte* path, int flags, uint mask, byte* facts);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}

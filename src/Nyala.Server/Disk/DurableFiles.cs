using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Nyala.Server.Disk;

/// <summary>
/// Writes files and names that survive a power cut. The content of a file and its name in the folder reach the disk separately. Without a sync of the folder, a
/// file can be lost although its content was synced.
/// </summary>
internal static partial class DurableFiles
{
    private const UnixFileMode OwnersFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int ReadOnly = 0;
    private const int NoAccess = 13;
    private const int InvalidArgument = 22;
    private const int NotSupported = 95;

    /// <summary>Writes a file that only its owner can read. After a power cut, the file is either complete or unchanged.</summary>
    public static void WritePrivate(string path, ReadOnlySpan<byte> bytes)
    {
        string unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(unfinished, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Creates a folder that only its owner can enter, together with its missing parents.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path));
        if (parent is not null)
        {
            CreateFolder(parent);
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnersFolder);
        }

        if (parent is not null)
        {
            SyncFolder(parent);
        }
    }

    /// <summary>Syncs the files of a folder to the disk, both their content and their names.</summary>
    public static void SyncFiles(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(handle);
        }

        SyncFolder(folder);
    }

    /// <summary>
    /// Syncs the names in a folder to the disk, after files there were created, renamed or removed. Does nothing on Windows, which does this on its own.
    /// </summary>
    /// <exception cref="IOException">The disk has failed.</exception>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = open(folder, ReadOnly);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == NoAccess)
        {
            // The folder can be written but not read, so it cannot be synced.
            return;
        }

        if (descriptor < 0)
        {
            throw Failure(folder);
        }

        try
        {
            // Some file systems have nothing to sync for a folder, and return an error.
            if (fsync(descriptor) != 0 && Marshal.GetLastPInvokeError() is not (InvalidArgument or NotSupported))
            {
                throw Failure(folder);
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    private static IOException Failure(string folder)
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"The directory entries of '{folder}' cannot be written to the disk: {error.Message}", error);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}

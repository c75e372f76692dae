using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Nyala.Server.Processes;

/// <summary>System calls that the framework does not offer.</summary>
internal static partial class Posix
{
    public const int Terminate = 15;
    public const int Kill = 9;

    /// <summary>Error numbers.</summary>
    public const int NoSuchFile = 2;
    public const int TooLong = 7;

    private const int ReadOnly = 0;
    private const int Executable = 1;
    private const int CloseOnExec = 0x80000;

    /// <summary>Sends a signal to every process of a group. Has no effect if the group has no processes.</summary>
    public static void SignalGroup(int group, int signal) => _ = kill(-group, signal);

    /// <summary>Sends a signal to a process. Has no effect if the process is gone.</summary>
    public static void SignalProcess(int process, int signal) => _ = kill(process, signal);

    /// <summary>Renames a file and atomically replaces any file that has the new name. A symbolic link is renamed itself, not its target.</summary>
    /// <exception cref="IOException">The rename failed. Both names are unchanged.</exception>
    public static void Rename(string from, string to)
    {
        if (rename(from, to) != 0)
        {
            throw Failure($"'{from}' cannot be renamed to '{to}'");
        }
    }

    /// <summary>Creates a named pipe that only its owner can open.</summary>
    /// <exception cref="IOException">The pipe cannot be created.</exception>
    public static void MakePipe(string path)
    {
        if (mkfifo(path, (uint)(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
        {
            throw Failure($"The pipe '{path}' cannot be created");
        }
    }

    /// <summary>Whether this process may execute a file, according to the file's mode and its mount.</summary>
    public static bool MayExecute(string path) => access(path, Executable) == 0;

    /// <summary>
    /// Syncs everything that was written to the file system of a folder, with one call for a whole tree. Does nothing on systems other than Linux.
    /// </summary>
    /// <exception cref="IOException">The disk has failed or is full.</exception>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int descriptor = open(folder, ReadOnly | CloseOnExec);
        if (descriptor < 0)
        {
            throw Failure($"'{folder}' cannot be opened");
        }

        try
        {
            if (syncfs(descriptor) != 0)
            {
                throw Failure($"'{folder}' cannot be synced to disk");
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <summary>
    /// Whether this process is in the foreground of a terminal. If so, the terminal sends the signals of its keys (Ctrl-C, Ctrl-\) both to this process and to
    /// its children.
    /// </summary>
    public static bool InForeground()
    {
        try
        {
            using SafeFileHandle terminal = File.OpenHandle("/dev/tty", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return tcgetpgrp(terminal) == getpgrp();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static IOException Failure(string what)
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"{what}: {error.Message}", error);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc")]
    private static partial int getpgrp();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetpgrp(SafeHandle terminal);
}

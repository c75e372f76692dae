using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Nyala.Server.Processes;

/// <summary>What the framework does not offer of the operating system.</summary>
internal static partial class Posix
{
    public const int Terminate = 15;
    public const int Kill = 9;

    /// <summary>Numbers of errors.</summary>
    public const int NoSuchFile = 2;
    public const int TooLong = 7;

    private const int ReadOnly = 0;
    private const int Executable = 1;
    private const int CloseOnExec = 0x80000;

    /// <summary>Sends a signal to every process of a group; nothing if none is left.</summary>
    public static void SignalGroup(int group, int signal) => _ = kill(-group, signal);

    /// <summary>Sends a signal; nothing if the process is gone.</summary>
    public static void SignalProcess(int process, int signal) => _ = kill(process, signal);

    /// <summary>Gives a file another name, in place of what has that name: no moment sees neither. A link is moved itself.</summary>
    /// <exception cref="IOException">It failed; both names are as they were.</exception>
    public static void Rename(string from, string to)
    {
        if (rename(from, to) != 0)
        {
            throw Failure($"'{from}' cannot be renamed to '{to}'");
        }
    }

    /// <summary>Makes a named pipe that its owner alone may open.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public static void MakePipe(string path)
    {
        if (mkfifo(path, (uint)(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
        {
            throw Failure($"The pipe '{path}' cannot be made");
        }
    }

    /// <summary>Whether this process may execute a file; its mode and its mount decide.</summary>
    public static bool MayExecute(string path) => access(path, Executable) == 0;

    /// <summary>
    /// Has everything that was written to a folder's file system on its disk; one call for a whole tree. Only Linux has it: elsewhere
    /// nothing is done.
    /// </summary>
    /// <exception cref="IOException">The disk has failed, or is full.</exception>
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
                throw Failure($"'{folder}' cannot be written to its disk");
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <summary>
    /// Whether this process is in the foreground of a terminal. The terminal then sends the signals of its keys (Ctrl-C,
    /// Ctrl-\) to this process and to its children alike.
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

using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Nyala.Cli.Run;

/// <summary>What the framework does not offer of the operating system.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class Posix
{
    /// <summary>Sends a signal; nothing where the process is gone.</summary>
    public static void Kill(int process, int signal) => _ = kill(process, signal);

    /// <summary>
    /// Whether this process is in the foreground of a terminal. The terminal then sends the signals of its keys (Ctrl-C,
    /// Ctrl-\) to this process and to its children alike.
    /// </summary>
    public static bool InForeground()
    {
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle terminal = File.OpenHandle("/dev/tty", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return tcgetpgrp(terminal) == getpgrp();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc")]
    private static partial int getpgrp();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetpgrp(SafeHandle terminal);
}

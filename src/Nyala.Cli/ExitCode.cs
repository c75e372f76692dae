namespace Nyala.Cli;

/// <summary>The exit codes of the process.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The server refused the request, or the verb failed.</summary>
    public const int Failed = 1;

    public const int WrongUsage = 2;

    /// <summary><c>nyala run --strict</c>: the command succeeded, but its report was not delivered. <c>EX_TEMPFAIL</c> of <c>sysexits.h</c>.</summary>
    public const int NotReported = 75;

    /// <summary>A shell's exit code for a command that it cannot run.</summary>
    public const int NotExecutable = 126;

    /// <summary>A shell's exit code for a command that it cannot find.</summary>
    public const int NotFound = 127;

    /// <summary>Returns a shell's exit code for a process that was killed by a signal.</summary>
    public static int Signalled(int signal) => 128 + signal;
}

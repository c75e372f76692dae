namespace Nyala.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Refused by the server, or failed.</summary>
    public const int Failed = 1;

    public const int WrongUsage = 2;

    /// <summary><c>nyala run --strict</c>: the command succeeded, and the server does not know. <c>EX_TEMPFAIL</c> of <c>sysexits.h</c>.</summary>
    public const int NotReported = 75;

    /// <summary>A shell's codes for a command that it cannot run, and for one that it cannot find.</summary>
    public const int NotExecutable = 126;

    /// <inheritdoc cref="NotExecutable"/>
    public const int NotFound = 127;

    /// <summary>A shell's code for a process that a signal ended.</summary>
    public static int Signalled(int signal) => 128 + signal;
}

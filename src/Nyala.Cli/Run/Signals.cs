using System.Runtime.InteropServices;

namespace Nyala.Cli.Run;

/// <summary>The numbers and names of the signals that end processes. The numbers are the same on every Unix.</summary>
internal static class Signals
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Terminate = 15;

    private static readonly Dictionary<int, string> Names = new()
    {
        [Hangup] = "SIGHUP",
        [Interrupt] = "SIGINT",
        [Quit] = "SIGQUIT",
        [4] = "SIGILL",
        [5] = "SIGTRAP",
        [6] = "SIGABRT",
        [8] = "SIGFPE",
        [9] = "SIGKILL",
        [11] = "SIGSEGV",
        [13] = "SIGPIPE",
        [14] = "SIGALRM",
        [Terminate] = "SIGTERM",
    };

    public static string? NameOf(int signal) => Names.GetValueOrDefault(signal);

    public static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => Hangup,
        PosixSignal.SIGINT => Interrupt,
        PosixSignal.SIGQUIT => Quit,
        PosixSignal.SIGTERM => Terminate,
        _ => throw new ArgumentOutOfRangeException(nameof(signal)),
    };
}

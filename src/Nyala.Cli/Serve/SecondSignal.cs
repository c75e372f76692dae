using System.Runtime.InteropServices;

namespace Nyala.Cli.Serve;

/// <summary>
/// Ends the process at the second signal that asks it to stop: whoever asks twice does not want to wait for the attempts in flight. What is
/// cut off is pending still, as after a kill.
/// </summary>
internal sealed class SecondSignal : IDisposable
{
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _signals;

    public SecondSignal()
    {
        _interrupt = Listen(PosixSignal.SIGINT, 2);
        _terminate = Listen(PosixSignal.SIGTERM, 15);
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
    }

    private PosixSignalRegistration Listen(PosixSignal signal, int number) => PosixSignalRegistration.Create(signal, context =>
    {
        // The first one is the host's.
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) == 2)
        {
            Environment.Exit(ExitCode.Signalled(number));
        }
    });
}

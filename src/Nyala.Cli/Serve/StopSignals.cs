using System.Runtime.InteropServices;

namespace Nyala.Cli.Serve;

/// <summary>
/// Listens for the signals that ask the process to stop. The first one cancels <see cref="StopRequested"/>. The second one ends the process immediately, without
/// waiting for the attempts in flight. Deliveries whose attempt is cut off stay pending, as after a kill.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _listening;
    private int _signals;

    public StopSignals() => _listening = [Listen(PosixSignal.SIGINT, 2), Listen(PosixSignal.SIGQUIT, 3), Listen(PosixSignal.SIGTERM, 15)];

    /// <summary>Canceled by the first signal.</summary>
    public CancellationToken StopRequested => _asked.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration listening in _listening)
        {
            listening.Dispose();
        }

        _asked.Dispose();
    }

    private PosixSignalRegistration Listen(PosixSignal signal, int number) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        switch (Interlocked.Increment(ref _signals))
        {
            case 1:
                _asked.Cancel();
                break;
            case 2:
                Environment.Exit(ExitCode.Signalled(number));
                break;
        }
    });
}

using System.Runtime.InteropServices;
using Nyala.Server.Processes;

namespace Nyala.Cli.Run;

/// <summary>
/// Takes the signals that ask this process to end and passes them on to the command, which decides. Once the command has
/// ended, a signal ends the waiting for the server instead.
/// </summary>
/// <remarks>
/// Ctrl-C in a terminal reaches the command by itself, and a second one means "stop hard" to many tools: SIGINT and
/// SIGQUIT are therefore not passed on while this process is in a terminal's foreground. Somebody who sends SIGINT to
/// this process alone from another terminal cannot be distinguished from that; SIGTERM is always passed on.
/// </remarks>
internal sealed class SignalRelay : IDisposable
{
    private static readonly PosixSignal[] Relayed = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly Lock _lock = new();
    private readonly List<int> _early = [];
    private readonly CancellationTokenSource _giveUp = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private ChildProcess? _child;
    private bool _ended;

    public SignalRelay()
    {
        foreach (PosixSignal signal in Relayed)
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
    }

    /// <summary>The first signal that came while the command ran; 0 for none.</summary>
    public int First { get; private set; }

    /// <summary>Cancelled by a signal that comes after the command has ended.</summary>
    public CancellationToken GiveUp => _giveUp.Token;

    /// <summary>The command runs from now on; a signal that came before is passed on now.</summary>
    public void Attach(ChildProcess child)
    {
        lock (_lock)
        {
            _child = child;
            foreach (int signal in _early)
            {
                child.Signal(signal);
            }
        }
    }

    /// <summary>The command has ended.</summary>
    public void Detach()
    {
        lock (_lock)
        {
            _child = null;
            _ended = true;
        }
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _giveUp.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        int signal = Signals.NumberOf(context.Signal);
        lock (_lock)
        {
            if (_ended)
            {
                _giveUp.Cancel();
                return;
            }

            First = First == 0 ? signal : First;
            if (_child is null)
            {
                _early.Add(signal);
            }
            else if (!OperatingSystem.IsWindows() && !(signal is Signals.Interrupt or Signals.Quit && Posix.InForeground()))
            {
                _child.Signal(signal);
            }
        }
    }
}

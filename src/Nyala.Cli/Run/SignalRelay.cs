using System.Runtime.InteropServices;
using Nyala.Server.Processes;

namespace Nyala.Cli.Run;

/// <summary>
/// Relays SIGINT, SIGTERM, SIGHUP and SIGQUIT to the command, which decides what to do. After the command has ended, a signal ends the wait for the server
/// instead.
/// </summary>
/// <remarks>
/// Ctrl-C in a terminal reaches the command directly, and a second SIGINT makes many tools stop immediately. SIGINT and SIGQUIT are therefore not passed on
/// while this process is in the foreground of a terminal. A SIGINT that is sent to this process alone cannot be distinguished from Ctrl-C, so it is not passed
/// on either. SIGTERM is always passed on.
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

    /// <summary>The first signal that arrived before the command ended; 0 if none.</summary>
    public int First { get; private set; }

    /// <summary>Canceled by a signal that arrives after the command has ended.</summary>
    public CancellationToken GiveUp => _giveUp.Token;

    /// <summary>Starts to pass signals on to the command, including those that arrived before it was started.</summary>
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

    /// <summary>Stops passing signals on, because the command has ended.</summary>
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

using System.Threading.Tasks.Sources;

namespace Nyala.Server.Delivery;

/// <summary>A signal that one loop waits for. Setting it several times before the wait counts once. It is small, because every lane has one.</summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _wait = new() { RunContinuationsAsynchronously = true };
    private State _state;

    private enum State
    {
        Clear,
        Set,
        Waited,
    }

    public void Set()
    {
        if (Interlocked.CompareExchange(ref _state, State.Set, State.Clear) != State.Clear
            && Interlocked.CompareExchange(ref _state, State.Clear, State.Waited) == State.Waited)
        {
            _wait.SetResult(true);
        }
    }

    /// <summary>Waits until the signal is set, and clears it. There can be only one wait at a time.</summary>
    public ValueTask WaitAsync()
    {
        _wait.Reset();
        if (Interlocked.CompareExchange(ref _state, State.Waited, State.Clear) == State.Clear)
        {
            return new ValueTask(this, _wait.Version);
        }

        Interlocked.Exchange(ref _state, State.Clear);
        return ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);
}

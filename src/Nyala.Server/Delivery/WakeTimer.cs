namespace Nyala.Server.Delivery;

/// <summary>Calls an action at the earliest of the times that were set. It costs almost nothing before a time is set.</summary>
internal sealed class WakeTimer(TimeProvider clock, Action call) : IAsyncDisposable
{
    // A timer takes at most 49 days. A day is enough, because the call only triggers a check.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private DateTimeOffset _due = DateTimeOffset.MaxValue;
    private bool _disposed;

    public void At(DateTimeOffset due)
    {
        lock (_gate)
        {
            if (due >= _due || _disposed)
            {
                return;
            }

            _due = due;
            TimeSpan wait = due - clock.GetUtcNow();
            _timer ??= clock.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait, Timeout.InfiniteTimeSpan);
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        return _timer?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private void Fire()
    {
        lock (_gate)
        {
            _due = DateTimeOffset.MaxValue;
        }

        call();
    }
}

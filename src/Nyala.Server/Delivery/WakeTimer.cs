namespace Nyala.Server.Delivery;

/// <summary>Calls at the earliest of the times it was told.</summary>
internal sealed class WakeTimer : IAsyncDisposable
{
    // A timer takes 49 days at most; a day is plenty for a call that only makes its receiver look.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly Action _call;
    private readonly ITimer _timer;
    private DateTimeOffset _due = DateTimeOffset.MaxValue;

    public WakeTimer(TimeProvider clock, Action call)
    {
        (_clock, _call) = (clock, call);
        _timer = clock.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void At(DateTimeOffset due)
    {
        lock (_gate)
        {
            if (due >= _due)
            {
                return;
            }

            _due = due;
            TimeSpan wait = due - _clock.GetUtcNow();
            _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait, Timeout.InfiniteTimeSpan);
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Fire()
    {
        lock (_gate)
        {
            _due = DateTimeOffset.MaxValue;
        }

        _call();
    }
}

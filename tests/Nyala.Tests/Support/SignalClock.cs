using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Nyala.Tests.Support;

/// <summary>A clock that stands still until a test advances it, and that signals when a timer is set on it.</summary>
internal sealed class SignalClock() : FakeTimeProvider(Beginning)
{
    public static readonly DateTimeOffset Beginning = new DateTimeOffset(2026, 2, 27, 17, 44, 25, TimeSpan.Zero).AddTicks(8567966);

    private readonly ConcurrentDictionary<TimeSpan, TaskCompletionSource> _timers = [];

    private TimeSpan _set;

    /// <summary>Moves the clock without any time passing, like a correction of the machine's clock.</summary>
    public void Set(TimeSpan by) => _set += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _set;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    /// <summary>Completes once a timer of this length has been set, now or earlier.</summary>
    public Task TimerAsync(TimeSpan due) => Signal(due).Task.InTimeAsync();

    /// <summary>Completes once another timer of this length is set, after this call.</summary>
    public Task NextTimerAsync(TimeSpan due)
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _timers[due] = next;
        return next.Task;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        Signal(dueTime).TrySetResult();
        return timer;
    }

    private TaskCompletionSource Signal(TimeSpan due) =>
        _timers.GetOrAdd(due, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}

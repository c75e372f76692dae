using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// Detects that the machine's clock was set back, by comparing it with the elapsed time. Waiting deliveries would be late by the same amount, so their due
/// times are moved back by it.
/// </summary>
internal sealed class ClockWatch(IStore store, ActiveLanes lanes, TimeProvider clock, ILogger<ClockWatch> logger)
    : PeriodicService(TimeSpan.FromSeconds(5), clock, atStart: true)
{
    /// <summary>The smallest change that is handled. A smaller one is a correction by a time server, and not worth a write.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private DateTimeOffset _time = clock.GetUtcNow();
    private long _timestamp = clock.GetTimestamp();
    private bool _startIsChecked;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        TimeSpan behind = _startIsChecked ? SetBack() : await SetBackWhileAwayAsync(stoppingToken);
        _startIsChecked = true;
        if (behind < Tolerance)
        {
            return;
        }

        try
        {
            DateTimeOffset now = Clock.GetUtcNow();
            int moved = await store.WriteAsync(tables =>
            {
                tables.Hooks.ShiftHolds(behind, now);
                return tables.Queue.ShiftDueTimes(behind, now);
            });
            DeliveryLog.ClockSetBack(logger, behind, moved);
        }
        catch
        {
            // The next tick detects the change again.
            _time += behind;
            throw;
        }

        foreach (Lane lane in lanes.All)
        {
            lane.HookChanged();
        }
    }

    protected override void Failed(Exception error) => DeliveryLog.ClockNotFollowed(logger, error);

    /// <summary>Returns how far the newest event is ahead of the clock at this server's start.</summary>
    private async Task<TimeSpan> SetBackWhileAwayAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset? newest = await store.ReadAsync(tables => tables.Events.Newest(), stoppingToken);
        return newest is { } time ? time - _time : TimeSpan.Zero;
    }

    /// <summary>Returns how far the clock was set back since the last tick; negative if it was set forward.</summary>
    private TimeSpan SetBack()
    {
        long timestamp = Clock.GetTimestamp();
        DateTimeOffset time = Clock.GetUtcNow();
        TimeSpan behind = _time + Clock.GetElapsedTime(_timestamp, timestamp) - time;
        (_time, _timestamp) = (time, timestamp);
        return behind;
    }
}

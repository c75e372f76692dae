using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// Sees the machine's clock being set back, by comparing it with the time that has passed. What waits for a time on the old clock would
/// wait for as much longer; it is moved back by the same.
/// </summary>
internal sealed class ClockWatch(IStore store, ActiveLanes lanes, TimeProvider clock, ILogger<ClockWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Less is a correction as time servers make them, and not worth a write.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private DateTimeOffset _time = clock.GetUtcNow();
    private long _timestamp = clock.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            await AdjustAsync(await SetBackWhileAwayAsync(stoppingToken));
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await AdjustAsync(SetBack());
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    /// <summary>How far the newest event lies ahead of the clock that this server has started with.</summary>
    private async Task<TimeSpan> SetBackWhileAwayAsync(CancellationToken stoppingToken)
    {
        try
        {
            DateTimeOffset? newest = await store.ReadAsync(tables => tables.Events.Newest(), stoppingToken);
            return newest is { } time ? time - _time : TimeSpan.Zero;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            DeliveryLog.ClockNotFollowed(logger, error);
            return TimeSpan.Zero;
        }
    }

    /// <summary>By how much the clock was set back since the last look; less than nothing where it was set forward.</summary>
    private TimeSpan SetBack()
    {
        long timestamp = clock.GetTimestamp();
        DateTimeOffset time = clock.GetUtcNow();
        TimeSpan behind = _time + clock.GetElapsedTime(_timestamp, timestamp) - time;
        (_time, _timestamp) = (time, timestamp);
        return behind;
    }

    private async Task AdjustAsync(TimeSpan behind)
    {
        if (behind < Tolerance)
        {
            return;
        }

        try
        {
            DateTimeOffset now = clock.GetUtcNow();
            int moved = await store.WriteAsync(tables =>
            {
                tables.Hooks.HoldEarlier(behind, now);
                return tables.Deliveries.DueEarlier(behind, now);
            });
            DeliveryLog.ClockSetBack(logger, behind, moved);
            foreach (Lane lane in lanes.All)
            {
                lane.HookChanged();
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Looked at again with the next tick.
            _time += behind;
            DeliveryLog.ClockNotFollowed(logger, error);
        }
    }
}

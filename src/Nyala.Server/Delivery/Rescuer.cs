using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// Wakes lanes whose deliveries are overdue: after a start, for retries of a lane that has gone to rest, and where a wake
/// was lost. With it, the table alone decides what is sent, and a lane that nobody uses may go to rest.
/// </summary>
internal sealed class Rescuer(IStore store, LaneWaker waker, ActiveLanes lanes, TimeProvider clock, ILogger<Rescuer> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RestAfter = TimeSpan.FromMinutes(1);

    private DateTimeOffset _rested = clock.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        do
        {
            try
            {
                DateTimeOffset now = clock.GetUtcNow();
                foreach (long hook in await store.ReadAsync(tables => tables.Deliveries.HooksWithWork(now), stoppingToken))
                {
                    waker.Wake(hook, LaneWaker.Overdue);
                }

                Rest(now);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                DeliveryLog.RescueFailed(logger, error);
            }
        }
        while (await WaitAsync(timer, stoppingToken));
    }

    private void Rest(DateTimeOffset now)
    {
        if (now - _rested >= RestAfter)
        {
            _rested = now;
            foreach (Lane lane in lanes.All)
            {
                lane.EndIfUnused();
            }
        }
    }

    private static async ValueTask<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

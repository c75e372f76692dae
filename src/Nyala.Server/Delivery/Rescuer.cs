using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>
/// Wakes lanes whose deliveries are overdue: after a start, for retries of a lane that has ended, and after a lost wake. It also ends unused lanes. That is
/// safe, because the rescuer finds every overdue delivery in the store.
/// </summary>
internal sealed class Rescuer(IStore store, LaneWaker waker, ActiveLanes lanes, TimeProvider clock, ILogger<Rescuer> logger)
    : PeriodicService(TimeSpan.FromSeconds(5), clock, atStart: true)
{
    private static readonly TimeSpan RestAfter = TimeSpan.FromMinutes(1);

    private DateTimeOffset _rested = clock.GetUtcNow();

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset now = Clock.GetUtcNow();
        foreach (long hook in await store.ReadAsync(tables => tables.Queue.HooksWithWork(now), stoppingToken))
        {
            waker.Wake(hook, LaneWaker.Overdue);
        }

        if (now - _rested >= RestAfter)
        {
            _rested = now;
            foreach (Lane lane in lanes.All)
            {
                lane.EndIfUnused();
            }
        }
    }

    protected override void Failed(Exception error) => DeliveryLog.RescueFailed(logger, error);
}

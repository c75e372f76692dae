using Nyala.Server.Events;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Finds the lane of a hook, wherever it is, and wakes it.</summary>
internal sealed class Dispatcher(ActiveLanes lanes, IGrainFactory grains, FirstAttempts firstAttempts) : IDispatcher
{
    public IFirstAttempts Expect(long eventId) => firstAttempts.Expect(eventId);

    public Task ChangedAsync(long hook)
    {
        // A hook without a lane is read when it gets one. All lanes are on this node, and a lane has taken it in once it was told.
        if (lanes.TryGet(hook, out Lane? lane))
        {
            lane.HookChanged();
        }

        return Task.CompletedTask;
    }

    public void Wake(IEnumerable<long> hooks)
    {
        foreach (long hook in hooks)
        {
            Wake(hook);
        }
    }

    public void Deliver(long hook, DueDelivery delivery)
    {
        if (!lanes.TryGet(hook, out Lane? lane) || !lane.Offer(delivery))
        {
            Wake(hook);
        }
    }

    private void Wake(long hook)
    {
        if (!lanes.TryGet(hook, out Lane? lane) || !lane.Wake())
        {
            // One way: the call is on its way once this returns. Were it lost, the rescuer would find the delivery.
            grains.GetGrain<ILaneGrain>(hook).WakeAsync().Ignore();
        }
    }
}

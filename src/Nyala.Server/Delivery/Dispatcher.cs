using Nyala.Server.Events;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Finds the lane of a hook, wherever it is, and wakes it.</summary>
internal sealed class Dispatcher(ActiveLanes lanes, LaneWaker waker, FirstAttempts firstAttempts, IChangeFeed feed) : IDispatcher
{
    public IFirstAttempts Expect(long eventId) => firstAttempts.Expect(eventId);

    public Task ChangedAsync(long hook)
    {
        // If the hook has no lane, it is read when it gets one. All lanes are on this node, and have applied the change when this returns.
        feed.Announce(new Change.HookChanged(hook));
        return Task.CompletedTask;
    }

    public void Wake(long hook) => waker.Wake(hook, hook);

    public void Deliver(long hook, DueDelivery delivery)
    {
        if (!lanes.TryGet(hook, out Lane? lane) || !lane.Offer(delivery))
        {
            waker.Wake(hook, delivery.Event);
        }
    }
}

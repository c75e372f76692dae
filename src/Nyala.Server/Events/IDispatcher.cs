using Nyala.Server.Storage;

namespace Nyala.Server.Events;

/// <summary>What Events and Hooks need from Delivery.</summary>
internal interface IDispatcher
{
    /// <summary>Says that a hook has something new. Costs next to nothing if it is at work already.</summary>
    void Wake(long hook);

    /// <summary>Hands over a delivery to a hook that is on disk since a moment ago.</summary>
    void Deliver(long hook, DueDelivery delivery);

    /// <summary>
    /// Says that a hook was changed or removed. Once this completes, no attempt begins under what the hook was before; one that is on the
    /// wire may end. A change of a hook is answered only then.
    /// </summary>
    Task ChangedAsync(long hook);

    /// <summary>Begins to note the first attempts of an event, before it is accepted, so that none is missed.</summary>
    IFirstAttempts Expect(long eventId);
}

/// <summary>The first attempts of one event. Disposing it ends the noting.</summary>
internal interface IFirstAttempts : IDisposable
{
    /// <summary>
    /// Completes once the first attempt of each of these deliveries has ended, or turned out not to start at once;
    /// after <paramref name="atMost"/> in any case.
    /// </summary>
    Task WaitAsync(IEnumerable<AwaitedDelivery> deliveries, TimeSpan atMost, CancellationToken cancellationToken);
}

/// <summary>A delivery whose first attempt somebody waits for.</summary>
internal readonly record struct AwaitedDelivery(long Delivery, long Hook);

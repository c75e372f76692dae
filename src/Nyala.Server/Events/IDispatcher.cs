using Nyala.Server.Storage;

namespace Nyala.Server.Events;

/// <summary>The operations of Delivery that Events and Hooks use.</summary>
internal interface IDispatcher
{
    /// <summary>Signals that a hook has new deliveries. The cost is negligible if its lane is already running.</summary>
    void Wake(long hook);

    /// <summary>Passes a delivery that was just committed to its hook.</summary>
    void Deliver(long hook, DueDelivery delivery);

    /// <summary>
    /// Signals that a hook was changed or removed. Once this completes, no attempt starts under the old hook; an attempt that is on the wire may end. The
    /// server responds to a change of a hook only after this completes.
    /// </summary>
    Task ChangedAsync(long hook);

    /// <summary>Starts to record the first attempts of an event. Call it before the event is accepted, so that no attempt is missed.</summary>
    IFirstAttempts Expect(long eventId);
}

/// <summary>The first attempts of one event. Disposing it stops the recording.</summary>
internal interface IFirstAttempts : IDisposable
{
    /// <summary>
    /// Completes when, for each of these deliveries, the first attempt has ended or is known not to start at once. Completes after
    /// <paramref name="atMost"/> in any case.
    /// </summary>
    Task WaitAsync(IEnumerable<AwaitedDelivery> deliveries, TimeSpan atMost, CancellationToken cancellationToken);
}

/// <summary>A delivery whose first attempt is waited for.</summary>
internal readonly record struct AwaitedDelivery(long Delivery, long Hook);

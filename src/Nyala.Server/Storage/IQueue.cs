namespace Nyala.Server.Storage;

/// <summary>
/// The pending deliveries, from the acceptance of their event to the record of their end. Each verb works on a set, so that a store on another machine needs
/// one or two round trips for it.
/// </summary>
internal interface IQueue
{
    /// <summary>
    /// The maximum number of deliveries of several events that are accepted together. Other writers wait for as long as they are written, about a second. One
    /// event may have more, because its deliveries cannot be divided.
    /// </summary>
    const int MaxDeliveries = 50_000;

    /// <summary>
    /// Writes events, and a delivery for each active, paused or disabled hook that receives the type and whose filter matches. The deliveries of an event have
    /// consecutive ids. An event with a key that is in use is not written. If several events have more than <see cref="MaxDeliveries"/> deliveries together, none
    /// is written; an event with a key in use counts, too.
    /// </summary>
    /// <param name="events">The events.</param>
    /// <param name="ids">Issues the ids of the deliveries.</param>
    /// <param name="clock">The clock. The deliveries are due from now on.</param>
    /// <returns>A result for each event, in the same order.</returns>
    IReadOnlyList<AcceptResult> Accept(IReadOnlyList<EventToAccept> events, IdSource ids, TimeProvider clock);

    /// <summary>
    /// Writes the ends of attempts, in their order: the attempts, the new states of their deliveries, and the newest attempts and the health of their hooks. A
    /// delivery that is no longer pending keeps its state.
    /// </summary>
    /// <returns>The lanes that are not the newest of their hook. None of their settlements was written.</returns>
    IReadOnlySet<LaneId> Settle(IReadOnlyList<Settlement> batch);

    /// <summary>Reads a hook, and its due deliveries, oldest first.</summary>
    LanePage ReadPage(LaneQuery query);

    /// <summary>
    /// Requeues a delivery that has ended: it is due now, and its retry schedule starts over. Its attempts stay recorded, and their numbers continue.
    /// </summary>
    /// <returns>False if the delivery has not ended, is a ping, or does not exist.</returns>
    bool Requeue(long id, DateTimeOffset now);

    /// <summary>Ends at most <paramref name="limit"/> pending deliveries of a hook as <see cref="DeliveryState.Gone"/>.</summary>
    /// <returns>The number of deliveries that were ended.</returns>
    int EndAsGone(long hook, string reason, DateTimeOffset now, int limit);

    /// <summary>
    /// Fails at most <paramref name="limit"/> pending deliveries that have been due for longer than a delivery's lifetime. A retried delivery may be past its
    /// lifetime but due for a shorter time. Its lane fails it when it reaches it.
    /// </summary>
    /// <returns>The number of deliveries that were ended.</returns>
    int Expire(DateTimeOffset dueBefore, DateTimeOffset now, string reason, int limit);

    /// <summary>Subtracts a time span from the due time of every pending delivery that is not due yet.</summary>
    /// <returns>The number of deliveries that were moved.</returns>
    int ShiftDueTimes(TimeSpan by, DateTimeOffset now);

    /// <summary>Counts the pending deliveries. Returns <paramref name="most"/> if there are more.</summary>
    int Count(int most);

    /// <summary>
    /// Lists the hooks that need a lane now: active hooks that are not held and have a due delivery, and hooks that are gone and have pending deliveries.
    /// </summary>
    IReadOnlyList<long> HooksWithWork(DateTimeOffset now);
}

namespace Nyala.Server.Storage;

/// <summary>The deliveries and their attempts. The pending deliveries are the queue.</summary>
internal interface IDeliveryTable
{
    void Insert(long id, long @event, long hook, DateTimeOffset now);

    /// <summary>Records a ping that was sent, as a delivery that has ended, together with its only attempt.</summary>
    void InsertPing(AttemptRecord attempt, long @event, long hook, DeliveryState state);

    DeliveryRecord? Find(long id);

    /// <summary>Lists the deliveries of a hook, oldest first.</summary>
    IReadOnlyList<DeliveryRecord> OfHook(long hook, int limit);

    /// <summary>Returns a page of the deliveries that match a search, newest first.</summary>
    Page<DeliveryRecord> Search(DeliveryQuery query);

    /// <summary>Counts the deliveries of an event, and how many of them were delivered.</summary>
    (int All, int Delivered) CountOfEvent(long @event);

    IReadOnlyList<AttemptRecord> Attempts(long delivery);

    /// <summary>Returns the result of the newest attempt; null before the first attempt.</summary>
    AttemptEnd? LastAttempt(long delivery);

    /// <summary>
    /// Lists a hook's due deliveries, oldest first, without those in <paramref name="except"/>. Stops after <paramref name="limit"/> deliveries, or once their
    /// bodies exceed <paramref name="bytes"/>.
    /// </summary>
    IReadOnlyList<DueDelivery> Due(long hook, DateTimeOffset now, IReadOnlySet<long> except, int limit, long bytes);

    /// <summary>Returns the time at which the hook's next delivery after <paramref name="now"/> becomes due; null if there is none.</summary>
    DateTimeOffset? NextDue(long hook, DateTimeOffset now);

    void RecordAttempt(AttemptRecord attempt);

    /// <summary>Updates a pending delivery after an attempt. Has no effect if the delivery is no longer pending.</summary>
    /// <param name="id">The delivery.</param>
    /// <param name="state">The new state.</param>
    /// <param name="due">The time of the next attempt if the delivery stays pending; otherwise the time it ended.</param>
    /// <param name="spent">Whether the attempt counts against the retry schedule; null if there was no attempt.</param>
    /// <param name="reason">Why the delivery ended, if no attempt says so.</param>
    void RecordOutcome(long id, DeliveryState state, DateTimeOffset due, bool? spent, string? reason);

    /// <summary>
    /// Requeues a delivery that has ended: it is due now, and its retry schedule starts over. Its attempts stay recorded, and their numbers continue.
    /// </summary>
    /// <returns>False if the delivery has not ended, is a ping, or does not exist.</returns>
    bool Requeue(long id, DateTimeOffset now);

    /// <summary>Lists a hook's deliveries with this state and period and with ids above <paramref name="after"/>, oldest first, without pings.</summary>
    IReadOnlyList<long> Ended(long hook, DeliveryState state, Period period, long after, int limit);

    /// <summary>Ends at most <paramref name="limit"/> pending deliveries of a hook as <see cref="DeliveryState.Gone"/>.</summary>
    /// <returns>The number of deliveries that were ended.</returns>
    int EndAsGone(long hook, string reason, DateTimeOffset now, int limit);

    /// <summary>
    /// Fails at most <paramref name="limit"/> pending deliveries that have been due for longer than a delivery's lifetime. A retried delivery may be past its
    /// lifetime but due for a shorter time. Its lane fails it when it reaches it.
    /// </summary>
    /// <returns>The number of deliveries that were ended.</returns>
    int Expire(DateTimeOffset dueBefore, DateTimeOffset now, string reason, int limit);

    /// <summary>Examines a batch of the oldest deliveries, and deletes those that ended before a time, together with their attempts.</summary>
    /// <param name="ended">The time.</param>
    /// <param name="after">The id after which the batch begins; 0 for the first batch.</param>
    /// <param name="limit">The maximum number of deliveries to examine.</param>
    /// <returns>The id after which the next batch begins; null if there is none.</returns>
    long? Prune(DateTimeOffset ended, long after, int limit);

    /// <summary>Subtracts a time span from the due time of every pending delivery that is not due yet.</summary>
    /// <returns>The number of deliveries that were moved.</returns>
    int ShiftDueTimes(TimeSpan by, DateTimeOffset now);

    /// <summary>Counts the pending deliveries. Returns <paramref name="most"/> if there are more.</summary>
    int CountPending(int most);

    /// <summary>
    /// Lists the hooks that need a lane now: active hooks that are not held and have a due delivery, and hooks that are gone and have pending deliveries.
    /// </summary>
    IReadOnlyList<long> HooksWithWork(DateTimeOffset now);
}

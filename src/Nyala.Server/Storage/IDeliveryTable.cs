namespace Nyala.Server.Storage;

/// <summary>The deliveries and their attempts. The pending ones are the queue.</summary>
internal interface IDeliveryTable
{
    void Insert(long id, long @event, long hook, DateTimeOffset now);

    /// <summary>Records a ping that has been sent: a delivery that has ended, with its only attempt.</summary>
    void InsertPing(AttemptRecord attempt, long @event, long hook, DeliveryState state);

    DeliveryRecord? Find(long id);

    /// <summary>A hook's deliveries, oldest first.</summary>
    IReadOnlyList<DeliveryRecord> OfHook(long hook, int limit);

    /// <summary>What a search finds, newest first.</summary>
    Page<DeliveryRecord> Search(DeliveryQuery query);

    /// <summary>How many deliveries an event has, and how many of them went well.</summary>
    (int All, int Delivered) CountOfEvent(long @event);

    IReadOnlyList<AttemptRecord> Attempts(long delivery);

    /// <summary>How the newest attempt ended; null before the first.</summary>
    AttemptEnd? LastAttempt(long delivery);

    /// <summary>
    /// A hook's pending deliveries that are due, oldest first, none that is in <paramref name="except"/>.
    /// Ends after <paramref name="limit"/> deliveries or once the bodies pass <paramref name="bytes"/>.
    /// </summary>
    IReadOnlyList<DueDelivery> Due(long hook, DateTimeOffset now, IReadOnlySet<long> except, int limit, long bytes);

    /// <summary>When the hook's next delivery after <paramref name="now"/> is due; null if none waits.</summary>
    DateTimeOffset? NextDue(long hook, DateTimeOffset now);

    void RecordAttempt(AttemptRecord attempt);

    /// <summary>Moves a pending delivery on after an attempt. One that is not pending any more is left alone.</summary>
    /// <param name="id">The delivery.</param>
    /// <param name="state">Where it goes.</param>
    /// <param name="due">When to try again, where it stays pending; else when it ended.</param>
    /// <param name="spent">Whether the attempt counts against the schedule; null if none was made.</param>
    /// <param name="reason">Why it ended, where no attempt says it.</param>
    void Settle(long id, DeliveryState state, DateTimeOffset due, bool? spent, string? reason);

    /// <summary>
    /// Makes a delivery that has ended pending again, due now, with all of its schedule before it. Its attempts stay in the record, and their
    /// numbers go on.
    /// </summary>
    /// <returns>False if it has not ended, is a ping, or is not there.</returns>
    bool BeginAnew(long id, DateTimeOffset now);

    /// <summary>A hook's deliveries of this state and time behind <paramref name="after"/>, oldest first, none that is a ping.</summary>
    IReadOnlyList<long> Ended(long hook, DeliveryState state, Period period, long after, int limit);

    /// <summary>Closes pending deliveries of a hook as <see cref="DeliveryState.Gone"/>, at most <paramref name="limit"/> of them.</summary>
    /// <returns>How many were closed.</returns>
    int Close(long hook, string reason, DateTimeOffset now, int limit);

    /// <summary>
    /// Ends pending deliveries as failed that have been due for longer than they live, at most <paramref name="limit"/>. One that was
    /// retried may have been due for less: its lane ends it when it comes to it.
    /// </summary>
    /// <returns>How many were ended.</returns>
    int Expire(DateTimeOffset dueBefore, DateTimeOffset now, string reason, int limit);

    /// <summary>Looks at a batch of the oldest deliveries, and deletes those that ended before a time, with their attempts.</summary>
    /// <param name="ended">The time.</param>
    /// <param name="after">The id behind which the batch begins; 0 for the first one.</param>
    /// <param name="limit">How many are looked at, at most.</param>
    /// <returns>The id behind which the next batch begins; null if there is none.</returns>
    long? Prune(DateTimeOffset ended, long after, int limit);

    /// <summary>Makes every pending delivery that is not due yet due so much earlier.</summary>
    /// <returns>How many there were.</returns>
    int DueEarlier(TimeSpan by, DateTimeOffset now);

    /// <summary>How many deliveries are pending; <paramref name="most"/> if there are more.</summary>
    int CountPending(int most);

    /// <summary>The hooks that have work now: active, not held and with a delivery due, or gone with deliveries still open.</summary>
    IReadOnlyList<long> HooksWithWork(DateTimeOffset now);
}

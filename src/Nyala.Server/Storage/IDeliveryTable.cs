namespace Nyala.Server.Storage;

/// <summary>The deliveries and their attempts, whether they have ended or are in the <see cref="IQueue"/>.</summary>
internal interface IDeliveryTable
{
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

    /// <summary>Lists a hook's deliveries with this state and period and with ids above <paramref name="after"/>, oldest first, without pings.</summary>
    IReadOnlyList<long> Ended(long hook, DeliveryState state, Period period, long after, int limit);

    /// <summary>Examines a batch of the oldest deliveries, and deletes those that ended before a time, together with their attempts.</summary>
    /// <param name="ended">The time.</param>
    /// <param name="after">The id after which the batch begins; 0 for the first batch.</param>
    /// <param name="limit">The maximum number of deliveries to examine.</param>
    /// <returns>The id after which the next batch begins; null if there is none.</returns>
    long? Prune(DateTimeOffset ended, long after, int limit);
}

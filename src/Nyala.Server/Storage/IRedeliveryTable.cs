namespace Nyala.Server.Storage;

/// <summary>A bulk redelivery, which requeues a hook's deliveries of one state and period in batches.</summary>
/// <param name="Id">The redelivery's id; ids increase with time.</param>
/// <param name="State">The state of the deliveries to requeue.</param>
/// <param name="Since">The start of the period in which the events were accepted, inclusive.</param>
/// <param name="Until">The end of this period, exclusive.</param>
/// <param name="Cursor">The id of the last delivery that was examined.</param>
/// <param name="Done">The number of deliveries that were requeued.</param>
/// <param name="Ended">The time it ended; null while it runs.</param>
/// <param name="Reason">Why it stopped early; null if it did not.</param>
internal sealed record RedeliveryRecord(
    long Id, long Hook, DeliveryState State, DateTimeOffset Since, DateTimeOffset Until, long Cursor, int Done, DateTimeOffset Created,
    DateTimeOffset? Ended = null, string? Reason = null);

/// <summary>The bulk redeliveries. A hook has at most one that runs.</summary>
internal interface IRedeliveryTable
{
    void Insert(RedeliveryRecord redelivery);

    RedeliveryRecord? Find(long id);

    /// <summary>Lists the running redeliveries, oldest first.</summary>
    IReadOnlyList<RedeliveryRecord> Open();

    /// <summary>Returns the running redelivery of a hook; null if there is none.</summary>
    RedeliveryRecord? OpenOf(long hook);

    /// <summary>Lists the redeliveries of a hook with ids below <paramref name="before"/>, newest first.</summary>
    IReadOnlyList<RedeliveryRecord> OfHook(long hook, long before, int limit);

    /// <summary>Stores the progress of a redelivery.</summary>
    void Advance(long id, long cursor, int done);

    /// <summary>Ends a redelivery. Has no effect if it has already ended.</summary>
    /// <returns>Whether it was running.</returns>
    bool End(long id, string? reason, DateTimeOffset now);

    /// <summary>Deletes at most <paramref name="limit"/> redeliveries that ended before a time, oldest first.</summary>
    /// <returns>The number of redeliveries that were deleted.</returns>
    int Prune(DateTimeOffset ended, int limit);
}

namespace Nyala.Server.Storage;

/// <summary>A bulk redelivery: a hook's deliveries of one state and period, requeued batch by batch.</summary>
/// <param name="Id">Time-ordered.</param>
/// <param name="State">Which deliveries: those that were in this state.</param>
/// <param name="Since">Whose events were accepted from here on,</param>
/// <param name="Until">and before this.</param>
/// <param name="Cursor">The last delivery that it has come to.</param>
/// <param name="Done">How many it has requeued.</param>
/// <param name="Ended">Null while it goes on.</param>
/// <param name="Reason">Why it ended before its end; null if it did not.</param>
internal sealed record RedeliveryRecord(
    long Id, long Hook, DeliveryState State, DateTimeOffset Since, DateTimeOffset Until, long Cursor, int Done, DateTimeOffset Created,
    DateTimeOffset? Ended = null, string? Reason = null);

/// <summary>The redeliveries of many. A hook has one at a time.</summary>
internal interface IRedeliveryTable
{
    void Insert(RedeliveryRecord redelivery);

    RedeliveryRecord? Find(long id);

    /// <summary>Those that go on, oldest first.</summary>
    IReadOnlyList<RedeliveryRecord> Open();

    /// <summary>The one of this hook that goes on; null if there is none.</summary>
    RedeliveryRecord? OpenOf(long hook);

    /// <summary>Those of a hook before an id, newest first.</summary>
    IReadOnlyList<RedeliveryRecord> OfHook(long hook, long before, int limit);

    /// <summary>Notes how far it has come.</summary>
    void Advance(long id, long cursor, int done);

    /// <summary>Ends it; one that has ended is left alone.</summary>
    /// <returns>Whether it went on until now.</returns>
    bool End(long id, string? reason, DateTimeOffset now);

    /// <summary>Deletes those that ended before a time; at most <paramref name="limit"/>, oldest first.</summary>
    /// <returns>How many were deleted.</returns>
    int Prune(DateTimeOffset ended, int limit);
}

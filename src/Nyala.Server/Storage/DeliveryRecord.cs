namespace Nyala.Server.Storage;

/// <summary>How far a delivery has come.</summary>
internal enum DeliveryState
{
    /// <summary>To be sent, now or later.</summary>
    Pending,

    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>The schedule is used up.</summary>
    Failed,

    /// <summary>There is nobody to send it to any more.</summary>
    Gone,
}

/// <summary>One event on its way to one hook.</summary>
/// <param name="Id">Time-ordered.</param>
/// <param name="Attempts">Attempts that spent the receiver's budget.</param>
/// <param name="Due">When the next attempt is to be made, while pending.</param>
internal sealed record DeliveryRecord(
    long Id, long Event, long Hook, DeliveryState State, int Attempts, DateTimeOffset Due, DateTimeOffset Created);

/// <summary>A delivery that is due, with all that an attempt needs.</summary>
internal sealed record DueDelivery(
    long Id, long Event, string Type, byte[] Body, int Attempts, int FreeAttempts, DateTimeOffset Due, DateTimeOffset Created);

/// <summary>An attempt as it is recorded.</summary>
/// <param name="Number">Counts all attempts of the delivery, from 1.</param>
/// <param name="Status">The answer's HTTP status; null where none came.</param>
/// <param name="Reason">Why it failed; null where it did not.</param>
/// <param name="Answer">The beginning of the answer's body; null where it was empty or none came.</param>
internal sealed record AttemptRecord(
    long Delivery, int Number, DateTimeOffset Started, TimeSpan Duration, int? Status, string? Reason, byte[]? Answer);

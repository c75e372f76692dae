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
/// <param name="Attempts">Every attempt that was made.</param>
/// <param name="Due">While pending, when the next attempt is to be made; else when it ended.</param>
/// <param name="Created">When the event was accepted.</param>
/// <param name="Reason">Why it ended, where its last attempt does not say it; else null.</param>
/// <param name="IsPing">Whether it was sent to try the receiver, once: it is never sent again.</param>
internal sealed record DeliveryRecord(
    long Id, long Event, long Hook, DeliveryState State, int Attempts, DateTimeOffset Due, DateTimeOffset Created, string? Reason, bool IsPing = false);

/// <summary>A delivery that is due, with all that an attempt needs.</summary>
/// <param name="Spent">Attempts that spent the receiver's budget, since it began or was requeued.</param>
/// <param name="Free">Attempts that did not: the fault was ours.</param>
/// <param name="Earlier">Attempts before it was requeued.</param>
/// <param name="Begun">When the event was accepted, or the delivery requeued: the start of its life.</param>
/// <param name="Trace">The event's <c>traceparent</c>; null if nobody follows it.</param>
/// <param name="Chain">How many publishes led to the event.</param>
internal sealed record DueDelivery(
    long Id, long Event, string Type, byte[] Body, int Spent, int Free, int Earlier, DateTimeOffset Due, DateTimeOffset Begun, string? Trace, int Chain)
{
    /// <summary>The number of the attempt that comes next, from 1.</summary>
    public int NextAttempt => Earlier + Spent + Free + 1;
}

/// <summary>An attempt as it is recorded.</summary>
/// <param name="Number">Counts all attempts of the delivery, from 1.</param>
/// <param name="Status">The answer's HTTP status; null if none came.</param>
/// <param name="Reason">Why it failed; null if it did not.</param>
/// <param name="Answer">The beginning of the answer's body; null if it was empty or none came.</param>
/// <param name="Request">The headers as they were sent, one in a line, secrets masked.</param>
/// <param name="AnswerHeaders">The answer's headers, one in a line; null if none came.</param>
internal sealed record AttemptRecord(
    long Delivery, int Number, DateTimeOffset Started, TimeSpan Duration, int? Status, string? Reason, byte[]? Answer, string? Request,
    string? AnswerHeaders, AttemptTimes Times);

/// <summary>How long the parts of an attempt took. Null what did not happen: a connection that is used again has neither name lookup, connect nor TLS.</summary>
internal readonly record struct AttemptTimes(TimeSpan? Dns, TimeSpan? Connect, TimeSpan? Tls, TimeSpan? FirstByte);

/// <summary>How an attempt ended.</summary>
/// <param name="Status">The answer's HTTP status; null if none came.</param>
/// <param name="Reason">Why it failed; null if it did not.</param>
internal sealed record AttemptEnd(int? Status, string? Reason);

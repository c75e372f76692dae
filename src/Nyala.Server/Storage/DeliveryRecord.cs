namespace Nyala.Server.Storage;

/// <summary>The state of a delivery.</summary>
internal enum DeliveryState
{
    /// <summary>It is sent now or later.</summary>
    Pending,

    /// <summary>The receiver responded with 2xx.</summary>
    Delivered,

    /// <summary>It was not delivered within its retry schedule, or its lifetime ran out.</summary>
    Failed,

    /// <summary>Its hook no longer exists or no longer wants events.</summary>
    Gone,
}

/// <summary>The delivery of one event to one hook.</summary>
/// <param name="Id">The delivery's id; ids increase with time.</param>
/// <param name="Attempts">The number of all attempts so far.</param>
/// <param name="Due">The time of the next attempt if the delivery is pending; otherwise the time it ended.</param>
/// <param name="Created">The time the event was accepted.</param>
/// <param name="Reason">Why it ended, if its last attempt does not say so; otherwise null.</param>
/// <param name="IsPing">Whether this is a ping, which tests the receiver once and is never resent.</param>
internal sealed record DeliveryRecord(
    long Id, long Event, long Hook, DeliveryState State, int Attempts, DateTimeOffset Due, DateTimeOffset Created, string? Reason, bool IsPing = false);

/// <summary>A due delivery with everything that an attempt needs.</summary>
/// <param name="Body">The body of the event; or what earlier attempts sent, if <see cref="RenderedType"/> is not null.</param>
/// <param name="Spent">The number of attempts that count against the retry schedule, since the delivery was created or last requeued.</param>
/// <param name="Free">The number of attempts that do not count because the fault was the server's.</param>
/// <param name="Earlier">The number of attempts before the delivery was last requeued.</param>
/// <param name="Begun">The time the event was accepted or the delivery was last requeued. The delivery's lifetime starts here.</param>
/// <param name="Trace">The event's <c>traceparent</c>; null if the event is not traced.</param>
/// <param name="Chain">The number of publishes that led to the event.</param>
internal sealed record DueDelivery(
    long Id, long Event, string Type, byte[] Body, int Spent, int Free, int Earlier, DateTimeOffset Due, DateTimeOffset Begun, string? Trace, int Chain)
{
    /// <summary>The content type of what earlier attempts sent; null if that is not stored, because there was no attempt yet or it sent the event's own body.</summary>
    public string? RenderedType { get; init; }

    /// <summary>The method, path and headers of what earlier attempts sent, as JSON; null if that is not stored, or the format sets none of them.</summary>
    public string? RenderedForm { get; init; }

    /// <summary>The site of the event.</summary>
    public required string Site { get; init; }

    /// <summary>The last lines of the deployment's log when the event was accepted, as a JSON array of strings; null for none.</summary>
    public string? LogTail { get; init; }

    /// <summary>About how much memory the texts need, in bytes.</summary>
    public int Size => Body.Length + (LogTail?.Length ?? 0);

    /// <summary>The number of the next attempt, from 1.</summary>
    public int AttemptNumber => Earlier + Spent + Free + 1;
}

/// <summary>A recorded attempt.</summary>
/// <param name="Number">The attempt's number among all attempts of the delivery, from 1.</param>
/// <param name="Status">The HTTP status of the response; null if there was no response.</param>
/// <param name="Reason">Why the attempt failed; null if it succeeded.</param>
/// <param name="Answer">The beginning of the response body; null if the body was empty or there was no response.</param>
/// <param name="Request">The request headers as sent, one per line, with secrets masked.</param>
/// <param name="AnswerHeaders">The response headers, one per line; null if there was no response.</param>
internal sealed record AttemptRecord(
    long Delivery, int Number, DateTimeOffset Started, TimeSpan Duration, int? Status, string? Reason, byte[]? Answer, string? Request,
    string? AnswerHeaders, AttemptTimes Times);

/// <summary>
/// The durations of an attempt's phases. A phase that did not happen is null: a reused connection has no name lookup, connect or TLS handshake.
/// </summary>
internal readonly record struct AttemptTimes(TimeSpan? Dns, TimeSpan? Connect, TimeSpan? Tls, TimeSpan? FirstByte);

/// <summary>The result of an attempt.</summary>
/// <param name="Status">The HTTP status of the response; null if there was no response.</param>
/// <param name="Reason">Why the attempt failed; null if it succeeded.</param>
internal sealed record AttemptEnd(int? Status, string? Reason);

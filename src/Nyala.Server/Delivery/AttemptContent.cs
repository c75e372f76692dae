using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Decides which bytes an attempt sends. Every attempt of a delivery sends the bytes of the first.</summary>
/// <param name="Sent">The bytes to send.</param>
/// <param name="New">The bytes to store with the outcome; null if they are stored already, or are the event's own body.</param>
internal readonly record struct AttemptContent(Rendered Sent, RenderedBody? New)
{
    /// <summary>Returns the bytes that earlier attempts sent; or renders the event if none are stored. Kudu's format stores and copies nothing.</summary>
    public static AttemptContent Of(DueDelivery delivery, Target target) => delivery.RenderedType is { } type
        ? new AttemptContent(new Rendered(delivery.Body, type) { Form = RequestForm.Read(delivery.RenderedForm) }, null)
        : Of(new EventContent(delivery.Type, delivery.Body) { Id = delivery.Event, Time = IdSource.TimeOf(delivery.Event), Site = delivery.Site }, target, delivery.LogTail);

    /// <summary>Renders an event.</summary>
    public static AttemptContent Of(EventContent @event, Target target, string? logTail = null)
    {
        Rendered rendered = target.Render(@event, logTail);
        return new AttemptContent(
            rendered, rendered.Refusal is not null || rendered.Is(@event.Body.Span) ? null : new RenderedBody(rendered.ContentType, rendered.Body.ToArray(), rendered.Form.Write()));
    }
}

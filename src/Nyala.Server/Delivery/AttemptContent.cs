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
        ? new AttemptContent(new Rendered(delivery.Body, type), null)
        : Of(delivery.Type, delivery.Body, target, delivery.LogTail);

    /// <summary>Renders an event.</summary>
    public static AttemptContent Of(string type, byte[] body, Target target, string? logTail = null)
    {
        Rendered rendered = target.Render(type, body, logTail);
        return new AttemptContent(rendered, rendered.Is(body) ? null : new RenderedBody(rendered.ContentType, rendered.Body.ToArray()));
    }
}

using Nyala.Cli.Connection;
using Nyala.Client;

namespace Nyala.Cli.Deliveries;

/// <summary>Finds a delivery or an event by its ID, by part of the ID of a recent one, or as the newest.</summary>
internal static class HistoryLookup
{
    public const string Delivery = "The delivery's ID or webhook-id, its first or last four or more characters, or latest.";
    public const string Event = "The event's ID, its first or last four or more characters, or latest.";

    private const string WebhookIdPrefix = "msg_";

    // A shortened ID is looked up only among the most recent ones.
    private const int Recent = 1000;

    private static readonly IdLookup<Delivery> Deliveries = new(
        "delivery", one => one.Id, _ => [], one => $"{one.Id} ({one.Event.Type} of {one.Event.Site}, {one.State})");

    private static readonly IdLookup<RecordedEvent> Events = new("event", one => one.Id, _ => [], one => $"{one.Id} ({one.Type} of {one.Site})");

    /// <summary>Returns the ID of the matching delivery, or the text itself if nothing matches.</summary>
    public static Task<string> DeliveryAsync(NyalaClient client, string text, CancellationToken cancellationToken) => Deliveries.IdAsync(
        text.StartsWith(WebhookIdPrefix, StringComparison.Ordinal) ? text[WebhookIdPrefix.Length..] : text,
        id => client.GetDeliveryAsync(id, cancellationToken),
        async () => await client.ListDeliveriesAsync(limit: Most(text), cancellationToken: cancellationToken).ToListAsync(cancellationToken));

    /// <summary>Returns the ID of the matching event, or the text itself if nothing matches.</summary>
    public static Task<string> EventAsync(NyalaClient client, string text, CancellationToken cancellationToken) => Events.IdAsync(
        text,
        id => client.GetEventAsync(id, cancellationToken),
        async () => await client.ListEventsAsync(limit: Most(text), cancellationToken: cancellationToken).ToListAsync(cancellationToken));

    private static int Most(string text) => text == "latest" ? 1 : Recent;
}

using Nyala.Server.Outbound.Formats;

namespace Nyala.Server.Outbound;

/// <summary>An attempt to make.</summary>
/// <param name="WebhookId">Identifies the delivery. All attempts of the delivery have the same id.</param>
/// <param name="EventType">The event's type.</param>
/// <param name="Number">The number of the attempt within the delivery, from 1.</param>
/// <param name="Content">The bytes to send.</param>
internal readonly record struct Attempt(Target Target, string WebhookId, string EventType, int Number, Rendered Content)
{
    /// <summary>What the request carries of further deliveries, if the channel combines several into one. None of them is an attempt of its own.</summary>
    public IReadOnlyList<(string WebhookId, Rendered Content)> More { get => field ?? []; init; }

    /// <summary>The number of attempts before the delivery was last resent by a person; 0 if it never was.</summary>
    public int Earlier { get; init; }

    /// <summary>The W3C <c>traceparent</c> to send; null for none.</summary>
    public string? Trace { get; init; }

    /// <summary>The number of publishes that led to the event, for <c>Nyala-Chain</c>; null if it is unknown.</summary>
    public int? Chain { get; init; }
}

using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>The delivery of one event to one hook.</summary>
public sealed record Delivery
{
    /// <summary>Decimal digits; grows with time.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The value of the <c>webhook-id</c> header: <c>msg_</c> and the id. It is the same for every attempt.</summary>
    [JsonPropertyName("webhook_id")]
    public required string WebhookId { get; init; }

    /// <summary>The event.</summary>
    [JsonPropertyName("event")]
    public required RecordedEvent Event { get; init; }

    /// <summary>The id of the hook. The hook may have been removed.</summary>
    [JsonPropertyName("hook")]
    public required string Hook { get; init; }

    /// <summary>
    /// <c>pending</c> (to be sent, now or later), <c>delivered</c>, <c>failed</c> (no more attempts are made) or <c>gone</c> (the receiver responded with 410,
    /// or its hook is gone).
    /// </summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>How many attempts have been made.</summary>
    [JsonPropertyName("attempts")]
    public int Attempts { get; init; }

    /// <summary>When the event was accepted, UTC.</summary>
    [JsonPropertyName("created"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Created { get; init; }

    /// <summary>The earliest time of the next attempt, UTC; null if there is none, or the hook is not active.</summary>
    [JsonPropertyName("next_attempt"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>When it ended, UTC; null while it is pending.</summary>
    [JsonPropertyName("ended"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The HTTP status of the response to the newest attempt; null if there was no response.</summary>
    [JsonPropertyName("last_status")]
    public int? LastStatus { get; init; }

    /// <summary>
    /// Why the newest attempt failed; null if it did not. Text from the receiver is shown only to tokens with the scope <c>hooks</c> or <c>admin</c>.
    /// </summary>
    [JsonPropertyName("last_reason")]
    public string? LastReason { get; init; }

    /// <summary>Why the delivery ended, if not because of an attempt. While it is pending, why it is held. Otherwise null.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>
    /// The body, which is the same for every attempt. Only reads of a single delivery return it, and only to tokens with the scope <c>hooks</c> or
    /// <c>admin</c>.
    /// </summary>
    [JsonPropertyName("body"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Body { get; init; }

    /// <summary>True if the body is base64, because the bytes are not UTF-8.</summary>
    [JsonPropertyName("body_base64"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? BodyIsBase64 { get; init; }

    /// <summary>The attempts, oldest first. Only reads of a single delivery return them.</summary>
    [JsonPropertyName("history"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DeliveryAttempt>? History { get; init; }
}

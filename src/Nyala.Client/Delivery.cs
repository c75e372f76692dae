using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>The delivery of one event to one hook.</summary>
public sealed record Delivery
{
    /// <summary>Decimal digits; grows with time.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The <c>webhook-id</c> that the receiver knows it by: <c>msg_</c> and the id, the same at every attempt.</summary>
    [JsonPropertyName("webhook_id")]
    public required string WebhookId { get; init; }

    /// <summary>The event.</summary>
    [JsonPropertyName("event")]
    public required RecordedEvent Event { get; init; }

    /// <summary>The id of the hook. The hook may have been removed.</summary>
    [JsonPropertyName("hook")]
    public required string Hook { get; init; }

    /// <summary><c>pending</c> (to be sent, now or later), <c>delivered</c>, <c>failed</c> (no more attempts are made) or <c>gone</c> (the receiver answered 410, or its hook is gone).</summary>
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

    /// <summary>The HTTP status of the answer to the newest attempt; null if there was no answer.</summary>
    [JsonPropertyName("last_status")]
    public int? LastStatus { get; init; }

    /// <summary>Why the newest attempt failed; null if it did not. What the receiver answered is shown only to tokens with the scope <c>hooks</c> or <c>admin</c>.</summary>
    [JsonPropertyName("last_reason")]
    public string? LastReason { get; init; }

    /// <summary>Why it ended, if no attempt says so; while it is pending, why it is held. Otherwise null.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>The body, the same at every attempt. Only the answer for a single delivery has it, and only for tokens with the scope <c>hooks</c> or <c>admin</c>.</summary>
    [JsonPropertyName("body"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Body { get; init; }

    /// <summary>True if <see cref="Body"/> is base64, because the bytes are not UTF-8.</summary>
    [JsonPropertyName("body_base64"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? BodyIsBase64 { get; init; }

    /// <summary>Its attempts, oldest first. Only the answer for a single delivery has them.</summary>
    [JsonPropertyName("history"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DeliveryAttempt>? History { get; init; }
}

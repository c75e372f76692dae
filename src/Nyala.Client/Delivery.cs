using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>One event on its way to one hook, as the record tells it.</summary>
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

    /// <summary><c>pending</c>: to be sent, now or later; <c>delivered</c>; <c>failed</c>: nothing more is tried; <c>gone</c>: there is nobody to send it to any more.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>How many attempts were made.</summary>
    [JsonPropertyName("attempts")]
    public int Attempts { get; init; }

    /// <summary>When the event was accepted, UTC.</summary>
    [JsonPropertyName("created"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Created { get; init; }

    /// <summary>When the next attempt is due, UTC, at the earliest; null if none is to be made, or the hook is not active.</summary>
    [JsonPropertyName("next_attempt"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>When it ended, UTC; null while it is pending.</summary>
    [JsonPropertyName("ended"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The HTTP status that answered the newest attempt; null if none did.</summary>
    [JsonPropertyName("last_status")]
    public int? LastStatus { get; init; }

    /// <summary>Why the newest attempt failed; null if it did not. A token that only reads is not told what the receiver answered.</summary>
    [JsonPropertyName("last_reason")]
    public string? LastReason { get; init; }

    /// <summary>Why it ended, where no attempt says it; while it is pending, why it is held. Else null.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>The body that is sent, the same at every attempt. Only the answer about one delivery carries it, and not to a token that only reads.</summary>
    [JsonPropertyName("body"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Body { get; init; }

    /// <summary>True if <see cref="Body"/> is base64, since the bytes are no UTF-8.</summary>
    [JsonPropertyName("body_base64"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? BodyIsBase64 { get; init; }

    /// <summary>Its attempts, oldest first. Only the answer about one delivery carries them.</summary>
    [JsonPropertyName("history"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DeliveryAttempt>? History { get; init; }
}

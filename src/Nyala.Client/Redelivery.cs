using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>A bulk redelivery: requeues a hook's deliveries of one state and period, batch by batch.</summary>
public sealed record Redelivery
{
    /// <summary>Decimal digits; grows with time.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The id of the hook.</summary>
    [JsonPropertyName("hook")]
    public required string Hook { get; init; }

    /// <summary>The state of the deliveries that it resends: <c>failed</c>, <c>delivered</c> or <c>gone</c>.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>The start of the period in which their events were accepted, UTC.</summary>
    [JsonPropertyName("since"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Since { get; init; }

    /// <summary>The end of that period, UTC, exclusive.</summary>
    [JsonPropertyName("until"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Until { get; init; }

    /// <summary>How many deliveries have been requeued so far.</summary>
    [JsonPropertyName("done")]
    public int Done { get; init; }

    /// <summary>When it was requested, UTC.</summary>
    [JsonPropertyName("created"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Created { get; init; }

    /// <summary>When it ended, UTC; null while it is in progress. Requeued deliveries may still be pending.</summary>
    [JsonPropertyName("ended"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Why it ended early; null if it did not.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }
}

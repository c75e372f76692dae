using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>A redelivery of many: a hook's deliveries of one state and time are begun anew, one batch after the other.</summary>
public sealed record Redelivery
{
    /// <summary>Decimal digits; grows with time.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The id of the hook.</summary>
    [JsonPropertyName("hook")]
    public required string Hook { get; init; }

    /// <summary>Which deliveries: those that were <c>failed</c>, <c>delivered</c> or <c>gone</c>.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>Whose events were accepted from this time on, UTC,</summary>
    [JsonPropertyName("since"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Since { get; init; }

    /// <summary>and before this one, UTC.</summary>
    [JsonPropertyName("until"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Until { get; init; }

    /// <summary>How many have been begun anew so far.</summary>
    [JsonPropertyName("done")]
    public int Done { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    [JsonPropertyName("created"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Created { get; init; }

    /// <summary>When it ended, UTC; null while it goes on. What it began anew may be on its way still.</summary>
    [JsonPropertyName("ended"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Why it ended before it was through; null if it did not.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }
}

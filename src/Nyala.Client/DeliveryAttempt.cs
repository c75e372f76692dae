using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>One attempt of a delivery. Its request and answer are not told to a token that only reads.</summary>
public sealed record DeliveryAttempt
{
    /// <summary>Counts the delivery's attempts, from 1; a redelivery goes on counting.</summary>
    [JsonPropertyName("number")]
    public int Number { get; init; }

    /// <summary>When it began, UTC.</summary>
    [JsonPropertyName("started"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Started { get; init; }

    /// <summary>How long it took in all, in seconds.</summary>
    [JsonPropertyName("duration_seconds")]
    public double DurationSeconds { get; init; }

    /// <summary>The lookup of the host's name; null if there was none, above all where an open connection was used.</summary>
    [JsonPropertyName("dns_seconds")]
    public double? DnsSeconds { get; init; }

    /// <summary>The TCP connect; null if an open connection was used.</summary>
    [JsonPropertyName("connect_seconds")]
    public double? ConnectSeconds { get; init; }

    /// <summary>The TLS handshake; null if there was none.</summary>
    [JsonPropertyName("tls_seconds")]
    public double? TlsSeconds { get; init; }

    /// <summary>From the start to the first byte of an answer; null if none came.</summary>
    [JsonPropertyName("first_byte_seconds")]
    public double? FirstByteSeconds { get; init; }

    /// <summary>The HTTP status of the answer; null if none came.</summary>
    [JsonPropertyName("status")]
    public int? Status { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>The headers as they were sent. The values of the hook's own and of <c>Authorization</c> are masked as <c>***</c>.</summary>
    [JsonPropertyName("request_headers")]
    public IReadOnlyList<HeaderField>? RequestHeaders { get; init; }

    /// <summary>The answer's headers, up to 8 KiB; null if none came.</summary>
    [JsonPropertyName("answer_headers")]
    public IReadOnlyList<HeaderField>? AnswerHeaders { get; init; }

    /// <summary>The beginning of the answer's body; null if it was empty or none came.</summary>
    [JsonPropertyName("answer")]
    public string? Answer { get; init; }

    /// <summary>True if <see cref="Answer"/> is base64, since the bytes are no UTF-8.</summary>
    [JsonPropertyName("answer_base64")]
    public bool AnswerIsBase64 { get; init; }

    /// <summary>True if the answer went on: no more of it is kept.</summary>
    [JsonPropertyName("answer_cut")]
    public bool AnswerIsCut { get; init; }
}

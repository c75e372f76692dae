using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>An attempt of a delivery. Its request and response are shown only to tokens with the scope <c>hooks</c> or <c>admin</c>.</summary>
public sealed record DeliveryAttempt
{
    /// <summary>The number of the attempt, from 1. A redelivery continues the numbering.</summary>
    [JsonPropertyName("number")]
    public int Number { get; init; }

    /// <summary>When it began, UTC.</summary>
    [JsonPropertyName("started"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Started { get; init; }

    /// <summary>How long it took in total, in seconds.</summary>
    [JsonPropertyName("duration_seconds")]
    public double DurationSeconds { get; init; }

    /// <summary>The time of the DNS lookup, in seconds; null if there was none, for example because an open connection was used.</summary>
    [JsonPropertyName("dns_seconds")]
    public double? DnsSeconds { get; init; }

    /// <summary>The time of the TCP connect, in seconds; null if an open connection was used.</summary>
    [JsonPropertyName("connect_seconds")]
    public double? ConnectSeconds { get; init; }

    /// <summary>The time of the TLS handshake, in seconds; null if there was none.</summary>
    [JsonPropertyName("tls_seconds")]
    public double? TlsSeconds { get; init; }

    /// <summary>The time from the start to the first byte of the response, in seconds; null if there was no response.</summary>
    [JsonPropertyName("first_byte_seconds")]
    public double? FirstByteSeconds { get; init; }

    /// <summary>The HTTP status of the response; null if there was no response.</summary>
    [JsonPropertyName("status")]
    public int? Status { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>The headers as they were sent. The values of custom headers and of <c>Authorization</c> are masked as <c>***</c>.</summary>
    [JsonPropertyName("request_headers")]
    public IReadOnlyList<HeaderField>? RequestHeaders { get; init; }

    /// <summary>The headers of the response, up to 8 KiB; null if there was no response.</summary>
    [JsonPropertyName("answer_headers")]
    public IReadOnlyList<HeaderField>? AnswerHeaders { get; init; }

    /// <summary>The beginning of the response's body; null if it was empty, or if there was no response.</summary>
    [JsonPropertyName("answer")]
    public string? Answer { get; init; }

    /// <summary>True if <c>answer</c> is base64, because the bytes are not UTF-8.</summary>
    [JsonPropertyName("answer_base64")]
    public bool AnswerIsBase64 { get; init; }

    /// <summary>True if <c>answer</c> contains only the beginning of the body.</summary>
    [JsonPropertyName("answer_cut")]
    public bool AnswerIsCut { get; init; }
}

using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>An event that was accepted.</summary>
public sealed record RecordedEvent
{
    /// <summary>Decimal digits; grows with time.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Its type, as it was published.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>The site that it happened at.</summary>
    [JsonPropertyName("site")]
    public required string Site { get; init; }

    /// <summary>The deployment that it is about; null if it is about none.</summary>
    [JsonPropertyName("deployment")]
    public string? Deployment { get; init; }

    /// <summary>When it was accepted, UTC.</summary>
    [JsonPropertyName("created"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Created { get; init; }

    /// <summary>The bytes that are sent. Only the answer about one event carries them, and not to a token that only reads.</summary>
    [JsonPropertyName("body"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Body { get; init; }

    /// <summary>True if <see cref="Body"/> is base64, since the bytes are no UTF-8.</summary>
    [JsonPropertyName("body_base64"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? BodyIsBase64 { get; init; }

    /// <summary>Its newest deliveries, up to 100. Only the answer about one event carries them.</summary>
    [JsonPropertyName("deliveries"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Delivery>? Deliveries { get; init; }

    /// <summary>Where all of its deliveries are listed. Only the answer about one event carries it.</summary>
    [JsonPropertyName("deliveries_url"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DeliveriesUrl { get; init; }
}

using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>An accepted event.</summary>
public sealed record RecordedEvent
{
    /// <summary>Decimal digits; grows with time.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Its type, as it was published.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>The site where it happened.</summary>
    [JsonPropertyName("site")]
    public required string Site { get; init; }

    /// <summary>The id of the deployment that it is about; null if there is none.</summary>
    [JsonPropertyName("deployment")]
    public string? Deployment { get; init; }

    /// <summary>When it was accepted, UTC.</summary>
    [JsonPropertyName("created"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Created { get; init; }

    /// <summary>The body. Only the answer for a single event has it, and only for tokens with the scope <c>hooks</c> or <c>admin</c>.</summary>
    [JsonPropertyName("body"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Body { get; init; }

    /// <summary>True if <see cref="Body"/> is base64, because the bytes are not UTF-8.</summary>
    [JsonPropertyName("body_base64"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? BodyIsBase64 { get; init; }

    /// <summary>Its newest deliveries, up to 100. Only the answer for a single event has them.</summary>
    [JsonPropertyName("deliveries"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Delivery>? Deliveries { get; init; }

    /// <summary>The URL that lists all its deliveries. Only the answer for a single event has it.</summary>
    [JsonPropertyName("deliveries_url"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DeliveriesUrl { get; init; }
}

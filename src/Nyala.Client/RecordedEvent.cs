using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>An accepted event.</summary>
public sealed record RecordedEvent
{
    /// <summary>Decimal digits; grows with time.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The type, as it was published.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>The site of the event.</summary>
    [JsonPropertyName("site")]
    public required string Site { get; init; }

    /// <summary>The id of the deployment that the event is about; null if there is none.</summary>
    [JsonPropertyName("deployment")]
    public string? Deployment { get; init; }

    /// <summary>When it was accepted, UTC.</summary>
    [JsonPropertyName("created"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Created { get; init; }

    /// <summary>The body. Only reads of a single event return it, and only to tokens with the scope <c>hooks</c> or <c>admin</c>.</summary>
    [JsonPropertyName("body"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Body { get; init; }

    /// <summary>True if the body is base64, because the bytes are not UTF-8.</summary>
    [JsonPropertyName("body_base64"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? BodyIsBase64 { get; init; }

    /// <summary>The newest deliveries, up to 100. Only reads of a single event return them.</summary>
    [JsonPropertyName("deliveries"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Delivery>? Deliveries { get; init; }

    /// <summary>The URL that lists all deliveries of the event. Only reads of a single event return it.</summary>
    [JsonPropertyName("deliveries_url"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DeliveriesUrl { get; init; }
}

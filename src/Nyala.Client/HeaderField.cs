using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>A header of a request or an answer.</summary>
public sealed record HeaderField
{
    /// <summary>Its name, as it was written.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Its value.</summary>
    [JsonPropertyName("value")]
    public required string Value { get; init; }
}

using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>A header of a request or a response.</summary>
public sealed record HeaderField
{
    /// <summary>The name, as it was written.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The value.</summary>
    [JsonPropertyName("value")]
    public required string Value { get; init; }
}

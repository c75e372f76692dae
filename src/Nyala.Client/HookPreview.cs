using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>The request that a hook would send for an event.</summary>
public sealed record HookPreview
{
    /// <summary>The format in which the event is written.</summary>
    [JsonPropertyName("format")]
    public required string Format { get; init; }

    /// <summary>The id of the event that it shows; null for a sample.</summary>
    [JsonPropertyName("event")]
    public string? Event { get; init; }

    /// <summary>The HTTP method.</summary>
    [JsonPropertyName("method")]
    public required string Method { get; init; }

    /// <summary>The URL that is called, without user info.</summary>
    [JsonPropertyName("url")]
    public required string Url { get; init; }

    /// <summary>The headers. Secrets and the signature are masked as <c>***</c>.</summary>
    [JsonPropertyName("headers")]
    public required IReadOnlyList<HeaderField> Headers { get; init; }

    /// <summary>The body, exactly as it is sent.</summary>
    [JsonPropertyName("body")]
    public required string Body { get; init; }
}

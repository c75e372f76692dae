using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>Why a request was refused: RFC 9457's problem details, or <c>{"Message": …}</c> if Kudu's clients expect that.</summary>
public sealed record Problem
{
    /// <summary>A short description of the error.</summary>
    [JsonPropertyName("title")]
    public string? Title { get; init; }

    /// <summary>Why, and what to do.</summary>
    [JsonPropertyName("detail")]
    public string? Detail { get; init; }

    /// <summary>The message in Kudu's form.</summary>
    [JsonPropertyName("Message")]
    public string? Message { get; init; }

    /// <summary>The refused lines of a request that publishes many events, at most 20; null for other requests.</summary>
    [JsonPropertyName("lines"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PublishedLine>? Lines { get; init; }

    /// <summary>The most specific text of the problem.</summary>
    [JsonIgnore]
    public string? Text => Message ?? Detail ?? Title;
}

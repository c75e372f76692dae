using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>
/// Why a request was refused: RFC 9457's problem details, or Kudu's <c>{"Message": …}</c> where its clients read that.
/// </summary>
public sealed record Problem
{
    /// <summary>What was refused, in short.</summary>
    [JsonPropertyName("title")]
    public string? Title { get; init; }

    /// <summary>Why, and what to do.</summary>
    [JsonPropertyName("detail")]
    public string? Detail { get; init; }

    /// <summary>Kudu's form of the same.</summary>
    [JsonPropertyName("Message")]
    public string? Message { get; init; }

    /// <summary>The best single line that the problem offers.</summary>
    [JsonIgnore]
    public string? Text => Message ?? Detail ?? Title;
}

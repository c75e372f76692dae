using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>Asks the server to fetch a repository and deploy it: Kudu's generic form.</summary>
public sealed record FetchRequest
{
    /// <summary>Which form it is: <c>basic</c>.</summary>
    [JsonPropertyName("format")]
    public string Format { get; init; } = "basic";

    /// <summary>The repository's URL; behind a <c>#</c> a commit or a branch.</summary>
    [JsonPropertyName("url")]
    public required string Url { get; init; }
}

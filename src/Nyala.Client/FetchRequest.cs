using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>Asks the server to fetch a repository and deploy it: Kudu's generic form.</summary>
public sealed record FetchRequest
{
    /// <summary>The form of the request: <c>basic</c>.</summary>
    [JsonPropertyName("format")]
    public string Format { get; init; } = "basic";

    /// <summary>The URL of the repository, with a commit or a branch after a <c>#</c>.</summary>
    [JsonPropertyName("url")]
    public required string Url { get; init; }
}

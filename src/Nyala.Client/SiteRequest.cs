using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>A site to create.</summary>
public sealed record SiteRequest
{
    /// <summary>The name: at most 128 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>. It must not start with <c>.</c> or <c>-</c>.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The branch whose pushes are deployed; null for <c>main</c>.</summary>
    [JsonPropertyName("branch"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Branch { get; init; }

    /// <summary>
    /// The deploy command, run by <c>/bin/sh -c</c>, at most 4 KiB; null for the command in the source's <c>.deployment</c> file, if there is one.
    /// </summary>
    [JsonPropertyName("command"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Command { get; init; }

    /// <summary>The number of newest releases to keep, 1 to 100; null for 5. The active one is always kept.</summary>
    [JsonPropertyName("keep"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Keep { get; init; }

    /// <summary>The host name in its events, with an optional port; null for the server's default.</summary>
    [JsonPropertyName("host"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Host { get; init; }
}

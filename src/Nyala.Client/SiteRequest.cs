using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>A site to create.</summary>
public sealed record SiteRequest
{
    /// <summary>Its name: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, at most 128 characters, neither <c>.</c> nor <c>-</c> first.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The branch whose pushes are deployed; null for <c>main</c>.</summary>
    [JsonPropertyName("branch"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Branch { get; init; }

    /// <summary>
    /// The deploy command, for <c>/bin/sh -c</c>, at most 4 KiB; null for the one in the source's <c>.deployment</c> file, or else none.
    /// </summary>
    [JsonPropertyName("command"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Command { get; init; }

    /// <summary>How many of the newest releases are kept, 1 to 100; null for 5. The active one is always kept.</summary>
    [JsonPropertyName("keep"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Keep { get; init; }

    /// <summary>The host name that its events carry, with a port if it has one; null for the server's default.</summary>
    [JsonPropertyName("host"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Host { get; init; }
}

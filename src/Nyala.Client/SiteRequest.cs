using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>What an admin sends to create a site.</summary>
public sealed record SiteRequest
{
    /// <summary>Its name: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, at most 128 characters, neither <c>.</c> nor <c>-</c> first.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The branch that is deployed when it is pushed to; <c>main</c> where null.</summary>
    [JsonPropertyName("branch"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Branch { get; init; }

    /// <summary>
    /// The command that deploys it, for <c>/bin/sh -c</c>, at most 4 KiB; where null, what the source's <c>.deployment</c> file says, else none.
    /// </summary>
    [JsonPropertyName("command"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Command { get; init; }

    /// <summary>How many releases are kept, the newest, 1 to 100; 5 where null. The active one always is.</summary>
    [JsonPropertyName("keep"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Keep { get; init; }

    /// <summary>The host name that its events carry, with a port if it has one; the server's own choice if null.</summary>
    [JsonPropertyName("host"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Host { get; init; }
}

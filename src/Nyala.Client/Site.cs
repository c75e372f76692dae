using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>A site and its deployment settings. Deployments and hooks belong to a site.</summary>
public sealed record Site
{
    /// <summary>The name as it was first written. Names are case-insensitive.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The branch whose pushes are deployed; other branches are only stored.</summary>
    [JsonPropertyName("branch")]
    public required string Branch { get; init; }

    /// <summary>
    /// The deploy command; null if there is none, and for tokens that may not deploy. Without a command, the source's <c>.deployment</c> file names it; without
    /// that file, the files are deployed as they are.
    /// </summary>
    [JsonPropertyName("command")]
    public string? Command { get; init; }

    /// <summary>The number of newest releases to keep. The active one is always kept.</summary>
    [JsonPropertyName("keep")]
    public int Keep { get; init; }

    /// <summary>The host name in its events (<c>hostName</c>), with an optional port; null for the server's default.</summary>
    [JsonPropertyName("host")]
    public string? Host { get; init; }

    /// <summary>The id of its active deployment; null if there is none.</summary>
    [JsonPropertyName("current")]
    public string? Current { get; init; }

    /// <summary>The URL for git push and fetch, with a token as the password and any user name.</summary>
    [JsonPropertyName("git_url")]
    public required string GitUrl { get; init; }

    /// <summary>When it was created, or first named by a hook or a report, UTC.</summary>
    [JsonPropertyName("created"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Created { get; init; }
}

using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>A site, as the server tells it: what deployments and hooks belong to, and what it is deployed with.</summary>
public sealed record Site
{
    /// <summary>Its name as it was first written. Names differ by more than case.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The branch that is deployed when it is pushed to; others are stored.</summary>
    [JsonPropertyName("branch")]
    public required string Branch { get; init; }

    /// <summary>The shell command that deploys it; null if the source's own <c>.deployment</c> file says it, or else its files are the release, and where the token may not deploy.</summary>
    [JsonPropertyName("command")]
    public string? Command { get; init; }

    /// <summary>How many releases are kept, the newest; the active one always is.</summary>
    [JsonPropertyName("keep")]
    public int Keep { get; init; }

    /// <summary>The host name that its events carry as <c>hostName</c>, with a port if it has one; null for the server's own choice.</summary>
    [JsonPropertyName("host")]
    public string? Host { get; init; }

    /// <summary>The id of the deployment that it runs; null if it has none.</summary>
    [JsonPropertyName("current")]
    public string? Current { get; init; }

    /// <summary>Where git pushes to and fetches from; a token is the password, under any user name.</summary>
    [JsonPropertyName("git_url")]
    public required string GitUrl { get; init; }

    /// <summary>When it was created, or first named by a hook or a report, UTC.</summary>
    [JsonPropertyName("created"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Created { get; init; }
}

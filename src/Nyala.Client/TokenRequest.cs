using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>What an admin sends to create a token.</summary>
public sealed record TokenRequest
{
    /// <summary>What to call it, at most 100 characters: who will use it.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>
    /// One or more of <c>read</c>; <c>deploy</c> (report, push and remove deployments, publish events); <c>hooks</c> (manage hooks
    /// and deliveries, publish events); <c>admin</c> (everything). Each of them can read.
    /// </summary>
    [JsonPropertyName("scopes")]
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The one site that it is to be good for; null for every one. Does not go with <c>admin</c>.</summary>
    [JsonPropertyName("site"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Site { get; init; }

    /// <summary>From when on it is refused; null for never.</summary>
    [JsonPropertyName("expires"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? Expires { get; init; }
}

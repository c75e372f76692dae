using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>A token to create.</summary>
public sealed record TokenRequest
{
    /// <summary>The name, at most 100 characters, for example the name of the system that uses the token.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>
    /// One or more of <c>read</c>; <c>deploy</c> (report, push and remove deployments, publish events); <c>hooks</c> (manage hooks
    /// and deliveries, publish events); <c>admin</c> (everything). Each of them includes <c>read</c>.
    /// </summary>
    [JsonPropertyName("scopes")]
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The only site that it gives access to; null for every site. Not allowed with <c>admin</c>.</summary>
    [JsonPropertyName("site"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Site { get; init; }

    /// <summary>When it expires; null for never.</summary>
    [JsonPropertyName("expires"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? Expires { get; init; }
}

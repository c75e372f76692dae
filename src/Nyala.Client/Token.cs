using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>An access token.</summary>
public sealed record Token
{
    /// <summary>Decimal digits; treat it as opaque.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The scopes: one or more of <c>read</c>, <c>deploy</c>, <c>hooks</c> and <c>admin</c>.</summary>
    [JsonPropertyName("scopes")]
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The only site that it gives access to; null for every site.</summary>
    [JsonPropertyName("site")]
    public string? Site { get; init; }

    /// <summary>When it was created, UTC.</summary>
    [JsonPropertyName("created"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Created { get; init; }

    /// <summary>When it expires, UTC; null for never.</summary>
    [JsonPropertyName("expires"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was last used, UTC; null before the first use. After a crash of the server it may be up to a minute too old.</summary>
    [JsonPropertyName("last_used"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>The token itself. Only the request that creates it returns it.</summary>
    [JsonPropertyName("token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Value { get; init; }
}

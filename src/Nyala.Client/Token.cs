using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>A token that opens a server, as the server tells it.</summary>
public sealed record Token
{
    /// <summary>Decimal digits; to be treated as opaque.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>What it may do, see <see cref="TokenRequest.Scopes"/>.</summary>
    [JsonPropertyName("scopes")]
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The one site that it is good for; null for every one.</summary>
    [JsonPropertyName("site")]
    public string? Site { get; init; }

    /// <summary>When it was created, UTC.</summary>
    [JsonPropertyName("created"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Created { get; init; }

    /// <summary>From when on it is refused, UTC; null for never.</summary>
    [JsonPropertyName("expires"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it last opened something, UTC, after a crash of the server up to a minute late; null before the first time.</summary>
    [JsonPropertyName("last_used"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>The token itself. Only the answer to its creation carries it.</summary>
    [JsonPropertyName("token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Value { get; init; }
}

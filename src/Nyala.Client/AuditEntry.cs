using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>A change on the server, and who made it.</summary>
public sealed record AuditEntry
{
    /// <summary>Decimal digits; grows with time.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>When the change was made, UTC.</summary>
    [JsonPropertyName("time"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Time { get; init; }

    /// <summary>What was done: <c>hook.created</c>, <c>token.revoked</c> and so on.</summary>
    [JsonPropertyName("action")]
    public required string Action { get; init; }

    /// <summary>The id of the object that was changed.</summary>
    [JsonPropertyName("target")]
    public required string Target { get; init; }

    /// <summary>The target's site; null if the target does not belong to a site.</summary>
    [JsonPropertyName("site")]
    public string? Site { get; init; }

    /// <summary>The name of the token that was used; <c>admin</c> is the token in the data folder, <c>server</c> the server itself.</summary>
    [JsonPropertyName("actor")]
    public required string Actor { get; init; }

    /// <summary>The id of that token; null for the token in the data folder and for the server itself.</summary>
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    /// <summary>The address that the request came from; null if there was none.</summary>
    [JsonPropertyName("address")]
    public string? Address { get; init; }

    /// <summary>Further facts about the change. Never a secret.</summary>
    [JsonPropertyName("details")]
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}

using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>A rotation of a hook's signing secret.</summary>
public sealed record SecretRotation
{
    /// <summary>The new secret: <c>whsec_</c> and base64 of 24 to 64 bytes. Null lets the server generate one.</summary>
    [JsonPropertyName("secret"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    /// <summary>
    /// How long requests are also signed with the old secret, for example <c>90m</c>, <c>24h</c> or <c>7d</c>, at most 30 days. <c>0s</c> ends this
    /// immediately. Null for 24 hours.
    /// </summary>
    [JsonPropertyName("overlap"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Overlap { get; init; }
}

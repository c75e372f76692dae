using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>How a hook's signing secret is replaced.</summary>
public sealed record SecretRotation
{
    /// <summary>The new secret: <c>whsec_</c> and base64 of 24 to 64 bytes. Null lets the server make one.</summary>
    [JsonPropertyName("secret"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    /// <summary>How long the secret before signs too, for example <c>90m</c>, <c>24h</c>, <c>7d</c>; <c>0s</c> ends it at once, 30 days at most. 24 hours where null.</summary>
    [JsonPropertyName("overlap"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Overlap { get; init; }
}

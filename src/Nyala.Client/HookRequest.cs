using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>What a caller sends to subscribe a hook.</summary>
public sealed record HookRequest
{
    /// <summary>The callback: an absolute <c>http:</c> or <c>https:</c> URL of at most 4 KiB. User info in it is sent as Basic credentials.</summary>
    [JsonPropertyName("url")]
    public required string Url { get; init; }

    /// <summary>The type of event to hear of, or <c>*</c> for every one.</summary>
    [JsonPropertyName("event")]
    public string Event { get; init; } = EventTypes.PostDeployment;

    /// <summary>True to skip the certificate check of the receiver, for tests only. Null leaves it as it is.</summary>
    [JsonPropertyName("insecure_ssl"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? InsecureSsl { get; init; }

    /// <summary>A signing secret of the caller's own: <c>whsec_</c> and base64 of 24 to 64 bytes. Null lets the server make one.</summary>
    [JsonPropertyName("secret"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>A subscription. If a hook with this URL and event exists, fields that are null or absent keep their current values.</summary>
public sealed record HookRequest : HookFields
{
    /// <summary>The callback URL: an absolute <c>http:</c> or <c>https:</c> URL of at most 4 KiB. User info in it is sent as Basic credentials.</summary>
    [JsonPropertyName("url"), JsonPropertyOrder(-2)]
    public required string Url { get; init; }

    /// <summary>The type of event, or <c>*</c> for every event.</summary>
    [JsonPropertyName("event"), JsonPropertyOrder(-1)]
    public string Event { get; init; } = EventTypes.PostDeployment;

    /// <summary>A signing secret to use: <c>whsec_</c> and base64 of 24 to 64 bytes. Null lets the server generate one.</summary>
    [JsonPropertyName("secret"), JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

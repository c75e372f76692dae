using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>A subscription.</summary>
public sealed record HookRequest
{
    /// <summary>The callback URL: an absolute <c>http:</c> or <c>https:</c> URL of at most 4 KiB. User info in it is sent as Basic credentials.</summary>
    [JsonPropertyName("url")]
    public required string Url { get; init; }

    /// <summary>The type of event, or <c>*</c> for every event.</summary>
    [JsonPropertyName("event")]
    public string Event { get; init; } = EventTypes.PostDeployment;

    /// <summary>True to skip the check of the receiver's certificate, for tests only. Null keeps the present value.</summary>
    [JsonPropertyName("insecure_ssl"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? InsecureSsl { get; init; }

    /// <summary>A description for people, at most 1024 characters. Null keeps the present one.</summary>
    [JsonPropertyName("description"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary>Which events of its type it gets. An empty filter gets all; null keeps the present filter.</summary>
    [JsonPropertyName("filter"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HookFilter? Filter { get; init; }

    /// <summary>True to send its events one at a time, in order. A failing delivery holds back later ones. Null keeps the present value.</summary>
    [JsonPropertyName("ordered"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Ordered { get; init; }

    /// <summary>The most attempts in a minute, 1 to 60000. Null keeps the present value.</summary>
    [JsonPropertyName("rate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Rate { get; init; }

    /// <summary>Custom headers for each attempt; they replace the present ones. Reads mask their values. Null keeps the present ones.</summary>
    [JsonPropertyName("headers"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>
    /// PEM of the only certificate authorities to trust for the receiver, including a root; at most 64 KiB. Null keeps the present ones.
    /// </summary>
    [JsonPropertyName("ca"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ca { get; init; }

    /// <summary>
    /// PEM of a client certificate with its unencrypted key and intermediate certificates; at most 64 KiB. Reads show its subject
    /// and expiry, never the key. Null keeps the present one.
    /// </summary>
    [JsonPropertyName("client_certificate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientCertificate { get; init; }

    /// <summary>A signing secret to use: <c>whsec_</c> and base64 of 24 to 64 bytes. Null lets the server make one.</summary>
    [JsonPropertyName("secret"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

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

    /// <summary>What people are to read about it; at most 1024 characters. Null leaves it as it is.</summary>
    [JsonPropertyName("description"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary>Which events of its type it hears. An empty one hears all; null leaves it as it is.</summary>
    [JsonPropertyName("filter"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HookFilter? Filter { get; init; }

    /// <summary>True to send its events one after the other, where one that fails holds back what comes behind it. Null leaves it as it is.</summary>
    [JsonPropertyName("ordered"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Ordered { get; init; }

    /// <summary>How many attempts are made in a minute at most, 1 to 60000. Null leaves it as it is.</summary>
    [JsonPropertyName("rate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Rate { get; init; }

    /// <summary>Headers to send along with each attempt, in place of those it has. Reads show their values masked. Null leaves them as they are.</summary>
    [JsonPropertyName("headers"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>
    /// PEM of the authorities that alone may vouch for the receiver's certificate, with a root among them; at most 64 KiB. Null leaves them as they are.
    /// </summary>
    [JsonPropertyName("ca"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ca { get; init; }

    /// <summary>
    /// PEM of a certificate to show to the receiver, with its key, unencrypted, and the authorities between; at most 64 KiB. Reads show whose
    /// it is and when it ends, never the key. Null leaves it as it is.
    /// </summary>
    [JsonPropertyName("client_certificate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientCertificate { get; init; }

    /// <summary>A signing secret of the caller's own: <c>whsec_</c> and base64 of 24 to 64 bytes. Null lets the server make one.</summary>
    [JsonPropertyName("secret"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

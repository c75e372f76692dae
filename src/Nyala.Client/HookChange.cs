using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>A change of a hook. Properties that are null keep their values; see <see cref="Reset"/>. The url and event never change: subscribe another hook.</summary>
public sealed record HookChange
{
    /// <summary>A description for people, at most 1024 characters.</summary>
    [JsonPropertyName("description"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary>The new filter, for events accepted from now on.</summary>
    [JsonPropertyName("filter"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HookFilter? Filter { get; init; }

    /// <summary>True to send its events one at a time, in order. A failing delivery holds back later ones.</summary>
    [JsonPropertyName("ordered"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Ordered { get; init; }

    /// <summary>The most attempts in a minute, 1 to 60000.</summary>
    [JsonPropertyName("rate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Rate { get; init; }

    /// <summary>Custom headers for each attempt; they replace the present ones.</summary>
    [JsonPropertyName("headers"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>True to skip the check of the receiver's certificate, for tests only.</summary>
    [JsonPropertyName("insecure_ssl"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? InsecureSsl { get; init; }

    /// <summary>
    /// PEM of the only certificate authorities to trust for the receiver, including a root; at most 64 KiB.
    /// </summary>
    [JsonPropertyName("ca"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ca { get; init; }

    /// <summary>
    /// PEM of a client certificate with its unencrypted key and intermediate certificates; at most 64 KiB. Reads show its subject
    /// and expiry, never the key.
    /// </summary>
    [JsonPropertyName("client_certificate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientCertificate { get; init; }

    /// <summary>The JSON names of fields to reset to their defaults, for example <c>rate</c> to no limit.</summary>
    [JsonIgnore]
    public IReadOnlyCollection<string> Reset { get; init; } = [];
}

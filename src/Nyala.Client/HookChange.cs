using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>What to change of a hook. What is left out stays as it is. Url and event of a hook never change: subscribe another one.</summary>
public sealed record HookChange
{
    /// <summary>What people are to read about it; at most 1024 characters.</summary>
    [JsonPropertyName("description"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary>Which events of its type it hears from now on, in place of the filter that it has; what was accepted before still goes out.</summary>
    [JsonPropertyName("filter"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HookFilter? Filter { get; init; }

    /// <summary>True to send its events one after the other, where one that fails holds back what comes behind it.</summary>
    [JsonPropertyName("ordered"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Ordered { get; init; }

    /// <summary>How many attempts are made in a minute at most, 1 to 60000.</summary>
    [JsonPropertyName("rate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Rate { get; init; }

    /// <summary>Headers to send along with each attempt, in place of those that it has.</summary>
    [JsonPropertyName("headers"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>True to skip the certificate check of the receiver, for tests only.</summary>
    [JsonPropertyName("insecure_ssl"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? InsecureSsl { get; init; }

    /// <summary>
    /// PEM of the authorities that alone may vouch for the receiver's certificate, with a root among them; at most 64 KiB.
    /// </summary>
    [JsonPropertyName("ca"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ca { get; init; }

    /// <summary>
    /// PEM of a certificate to show to the receiver, with its key, unencrypted, and the authorities between; at most 64 KiB. Reads show whose
    /// it is and when it ends, never the key.
    /// </summary>
    [JsonPropertyName("client_certificate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientCertificate { get; init; }

    /// <summary>The wire's names of the fields that are sent as null, and so go back to what they are without a choice: <c>rate</c>, for example, to no limit.</summary>
    [JsonIgnore]
    public IReadOnlyCollection<string> Reset { get; init; } = [];
}

using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>
/// The settings of a hook, which can be set when it is subscribed and changed later. Properties that are null keep their current values, or their defaults in a
/// new hook.
/// </summary>
public abstract record HookFields
{
    private protected HookFields()
    {
    }

    /// <summary>
    /// The format in which events are sent, for example <c>kudu</c>, <c>slack</c> or <c>pagerduty</c>. The page "Integrations" of the documentation lists all. A new
    /// hook gets the format of the service to which its URL belongs, or else <c>kudu</c>.
    /// </summary>
    [JsonPropertyName("format"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Format { get; init; }

    /// <summary>
    /// What the format needs or accepts, by name, for example <c>routing_key</c> for <c>pagerduty</c>. They replace the current ones. Reads mask secrets. A new format
    /// resets them, and <c>log_lines</c>.
    /// </summary>
    [JsonPropertyName("format_settings"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? FormatSettings { get; init; }

    /// <summary>The request of a hook with the format <c>template</c>. It implies this format, and replaces the current template.</summary>
    [JsonPropertyName("template"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HookTemplate? Template { get; init; }

    /// <summary>
    /// How many of the last lines of a deployment's log its events include, 0 to 100: in the format <c>kudu</c> as <c>logTail</c> of each <c>PostDeployment</c>, in messages
    /// if the deployment failed. By default 15 in messages, and none in <c>kudu</c>.
    /// </summary>
    [JsonPropertyName("log_lines"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LogLines { get; init; }

    /// <summary>A description for people, at most 1024 characters.</summary>
    [JsonPropertyName("description"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary>
    /// Which events of its type the hook receives: those that match any of these filters, at most 10. In JSON, one filter is an object, and several are a list.
    /// A single empty filter matches all events. A new filter applies to events accepted from then on.
    /// </summary>
    [JsonPropertyName("filter"), JsonConverter(typeof(HookFilterListConverter)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<HookFilter>? Filter { get; init; }

    /// <summary>True to send its events one at a time, in order. A failing delivery holds back later ones.</summary>
    [JsonPropertyName("ordered"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Ordered { get; init; }

    /// <summary>The maximum number of attempts per minute, 1 to 60000.</summary>
    [JsonPropertyName("rate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Rate { get; init; }

    /// <summary>Custom headers for each attempt. They replace the current ones. Reads mask their values.</summary>
    [JsonPropertyName("headers"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>True to skip the check of the receiver's certificate, for tests only.</summary>
    [JsonPropertyName("insecure_ssl"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? InsecureSsl { get; init; }

    /// <summary>PEM of the only certificate authorities to trust for the receiver, including a root; at most 64 KiB.</summary>
    [JsonPropertyName("ca"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ca { get; init; }

    /// <summary>
    /// PEM of a client certificate with its unencrypted key and intermediate certificates; at most 64 KiB. Reads show its subject
    /// and expiry, never the key.
    /// </summary>
    [JsonPropertyName("client_certificate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientCertificate { get; init; }
}

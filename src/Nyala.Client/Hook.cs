using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>A hook: a callback URL and the type of event that it is called for. Kudu's eight fields in Kudu's order, then Nyala's own.</summary>
public sealed record Hook
{
    /// <summary>Decimal digits; treat it as opaque.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The type of event that it is called for, or <c>*</c> for every event.</summary>
    [JsonPropertyName("event")]
    public required string Event { get; init; }

    /// <summary>The callback URL. A password in it is masked.</summary>
    [JsonPropertyName("url")]
    public required string Url { get; init; }

    /// <summary>True if the receiver's TLS certificate is not checked.</summary>
    [JsonPropertyName("insecure_ssl")]
    public bool InsecureSsl { get; init; }

    /// <summary>
    /// The result of the newest attempt: the name of the HTTP status (<c>OK</c>, <c>NotFound</c>; the number if it has no name), or <c>Failure</c> if there was
    /// no response. Null before the first attempt.
    /// </summary>
    [JsonPropertyName("last_status")]
    public string? LastStatus { get; init; }

    /// <summary>Why the newest attempt failed; null or empty if it did not.</summary>
    [JsonPropertyName("last_reason")]
    public string? LastReason { get; init; }

    /// <summary>When the newest attempt ended, UTC; null before the first attempt (in JSON, Kudu's <c>0001-01-01T00:00:00</c>).</summary>
    [JsonPropertyName("last_datetime"), JsonConverter(typeof(KuduLastTimeConverter))]
    public DateTimeOffset? LastDateTime { get; init; }

    /// <summary>The body of the event that was sent last; in a list, its first 2 KiB. Null before the first attempt.</summary>
    [JsonPropertyName("last_context")]
    public string? LastContext { get; init; }

    /// <summary>True if <c>last_context</c> is cut, which happens only in a list. To get the whole body, read the single hook. Otherwise null.</summary>
    [JsonPropertyName("last_context_is_cut"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? LastContextIsCut { get; init; }

    /// <summary>The site whose events the hook gets; null for a hook at the server's root, which gets the events of every site.</summary>
    [JsonPropertyName("site")]
    public string? Site { get; init; }

    /// <summary><c>active</c>, or why nothing is sent: <c>paused</c>, <c>disabled</c>, <c>gone</c>.</summary>
    [JsonPropertyName("state")]
    public string State { get; init; } = "active";

    /// <summary>When the hook was first subscribed, UTC.</summary>
    [JsonPropertyName("created"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Created { get; init; }

    /// <summary>The format in which events are sent: <c>kudu</c>, <c>slack</c> and others.</summary>
    [JsonPropertyName("format")]
    public string Format { get; init; } = "kudu";

    /// <summary>What it sets for its format, by name, with secrets masked as <c>***</c>; null if it sets nothing.</summary>
    [JsonPropertyName("format_settings")]
    public IReadOnlyDictionary<string, string>? FormatSettings { get; init; }

    /// <summary>The request of a hook with the format <c>template</c>; null in other formats.</summary>
    [JsonPropertyName("template")]
    public HookTemplate? Template { get; init; }

    /// <summary>How many of the last lines of a deployment's log its events include; 0 for none.</summary>
    [JsonPropertyName("log_lines")]
    public int LogLines { get; init; }

    /// <summary>A description for people.</summary>
    [JsonPropertyName("description")]
    public string Description { get; init; } = "";

    /// <summary>Which events of its type it gets: those that match any of these filters; null for all. In JSON, one filter is an object, and several are a list.</summary>
    [JsonPropertyName("filter"), JsonConverter(typeof(HookFilterListConverter))]
    public IReadOnlyList<HookFilter>? Filter { get; init; }

    /// <summary>True if its events are sent one at a time, in order. A failing delivery holds back later ones.</summary>
    [JsonPropertyName("ordered")]
    public bool Ordered { get; init; }

    /// <summary>The maximum number of attempts per minute; null for no limit.</summary>
    [JsonPropertyName("rate")]
    public int? Rate { get; init; }

    /// <summary>The custom headers, with their values masked as <c>***</c>; null if there are none.</summary>
    [JsonPropertyName("headers")]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The only certificate authorities that are trusted for the receiver; null for the ones that the server's machine trusts.</summary>
    [JsonPropertyName("ca")]
    public IReadOnlyList<HookCertificate>? Ca { get; init; }

    /// <summary>The client certificate; null if there is none.</summary>
    [JsonPropertyName("client_certificate")]
    public HookCertificate? ClientCertificate { get; init; }

    /// <summary>Why the hook is in this state; null if it is active, or if a user set the state.</summary>
    [JsonPropertyName("state_reason")]
    public string? StateReason { get; init; }

    /// <summary>When the hook entered this state, UTC; null if the state has never changed.</summary>
    [JsonPropertyName("state_since"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? StateSince { get; init; }

    /// <summary>When the current series of failed attempts began, UTC; null if the newest attempt did not fail.</summary>
    [JsonPropertyName("failing_since"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>
    /// Why its deliveries are held: <c>paused</c>, <c>disabled</c>, <c>breaker</c> (attempts kept failing), <c>retry</c> (an ordered hook waits for a retry),
    /// <c>rate</c> (the limit of attempts per minute) or <c>own_fault</c> (an error of the server). Null if they are not held.
    /// </summary>
    [JsonPropertyName("held")]
    public string? Held { get; init; }

    /// <summary>Why its deliveries are held, in words; null if they are not held.</summary>
    [JsonPropertyName("held_reason")]
    public string? HeldReason { get; init; }

    /// <summary>The time until which its deliveries are held, UTC; null if they are not held, or if a user has to act.</summary>
    [JsonPropertyName("held_until"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>The time until which requests are also signed with the old secret, UTC; null if there is none.</summary>
    [JsonPropertyName("secret_old_until"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? SecretOldUntil { get; init; }

    /// <summary>The signing secret: <c>whsec_</c> and base64. Only a subscription and a rotation return it.</summary>
    [JsonPropertyName("secret"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

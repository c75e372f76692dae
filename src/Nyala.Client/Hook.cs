using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>
/// A hook: a callback URL and the type of event that it is called for. Kudu's eight fields in
/// Kudu's order, then Nyala's own.
/// </summary>
public sealed record Hook
{
    /// <summary>Decimal digits; treat it as opaque.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The type of event that it is called for, or <c>*</c> for every event.</summary>
    [JsonPropertyName("event")]
    public required string Event { get; init; }

    /// <summary>Where the events are sent. A password in it is masked.</summary>
    [JsonPropertyName("url")]
    public required string Url { get; init; }

    /// <summary>True if the receiver's TLS certificate is not checked.</summary>
    [JsonPropertyName("insecure_ssl")]
    public bool InsecureSsl { get; init; }

    /// <summary>
    /// How the newest attempt ended: the name of the HTTP status (<c>OK</c>, <c>NotFound</c>; the number if it has no
    /// name), <c>Failure</c> if there was no answer; null before the first attempt.
    /// </summary>
    [JsonPropertyName("last_status")]
    public string? LastStatus { get; init; }

    /// <summary>Why the newest attempt failed; null or empty if it did not.</summary>
    [JsonPropertyName("last_reason")]
    public string? LastReason { get; init; }

    /// <summary>When the newest attempt ended, UTC; null before the first (on the wire Kudu's <c>0001-01-01T00:00:00</c>).</summary>
    [JsonPropertyName("last_datetime"), JsonConverter(typeof(KuduLastTimeConverter))]
    public DateTimeOffset? LastDateTime { get; init; }

    /// <summary>The body of the event that was sent last; in a list, its first 2 KiB. Null before the first attempt.</summary>
    [JsonPropertyName("last_context")]
    public string? LastContext { get; init; }

    /// <summary>True if <c>last_context</c> is cut, which a list does; read the single hook for all of it. Otherwise null.</summary>
    [JsonPropertyName("last_context_is_cut"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? LastContextIsCut { get; init; }

    /// <summary>The site whose events the hook gets; null for a hook at the server's root, which gets those of every site.</summary>
    [JsonPropertyName("site")]
    public string? Site { get; init; }

    /// <summary><c>active</c>, or why nothing is sent: <c>paused</c>, <c>disabled</c>, <c>gone</c>.</summary>
    [JsonPropertyName("state")]
    public string State { get; init; } = "active";

    /// <summary>When the hook was first subscribed, UTC.</summary>
    [JsonPropertyName("created"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Created { get; init; }

    /// <summary>A description for people.</summary>
    [JsonPropertyName("description")]
    public string Description { get; init; } = "";

    /// <summary>Which events of its type it gets; null for all.</summary>
    [JsonPropertyName("filter")]
    public HookFilter? Filter { get; init; }

    /// <summary>True if its events are sent one at a time, in order. A failing delivery holds back later ones.</summary>
    [JsonPropertyName("ordered")]
    public bool Ordered { get; init; }

    /// <summary>The most attempts in a minute; null for no limit.</summary>
    [JsonPropertyName("rate")]
    public int? Rate { get; init; }

    /// <summary>The custom headers, with their values masked as <c>***</c>; null if there are none.</summary>
    [JsonPropertyName("headers")]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The only certificate authorities trusted for the receiver; null for those that the server's machine trusts.</summary>
    [JsonPropertyName("ca")]
    public IReadOnlyList<HookCertificate>? Ca { get; init; }

    /// <summary>The client certificate; null if there is none.</summary>
    [JsonPropertyName("client_certificate")]
    public HookCertificate? ClientCertificate { get; init; }

    /// <summary>Why it is in this state; null if it is active, or a person set the state.</summary>
    [JsonPropertyName("state_reason")]
    public string? StateReason { get; init; }

    /// <summary>Since when it has been in this state, UTC; null if the state has never changed.</summary>
    [JsonPropertyName("state_since"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? StateSince { get; init; }

    /// <summary>Since when every attempt has failed, UTC; null if the newest did not fail.</summary>
    [JsonPropertyName("failing_since"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>
    /// What holds its deliveries back: <c>paused</c>, <c>disabled</c>, <c>breaker</c> (attempts kept failing), <c>retry</c> (of an ordered hook),
    /// <c>rate</c>, <c>own_fault</c> (of the server); null if nothing does.
    /// </summary>
    [JsonPropertyName("held")]
    public string? Held { get; init; }

    /// <summary>Why its deliveries are held back, in words; null if they are not.</summary>
    [JsonPropertyName("held_reason")]
    public string? HeldReason { get; init; }

    /// <summary>Until when nothing is sent, UTC; null if nothing is held back, or a person has to act.</summary>
    [JsonPropertyName("held_until"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>Until when the old secret also signs, UTC; null if there is none.</summary>
    [JsonPropertyName("secret_old_until"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? SecretOldUntil { get; init; }

    /// <summary>
    /// The signing secret, <c>whsec_</c> and base64. Only the answers to a subscription and to a rotation have it.
    /// </summary>
    [JsonPropertyName("secret"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

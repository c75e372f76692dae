using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>
/// A callback URL and the type of event it is called for, as the server tells it: Kudu's eight fields in
/// Kudu's order, then Nyala's own.
/// </summary>
public sealed record Hook
{
    /// <summary>Decimal digits; to be treated as opaque.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The type of event that calls this hook, or <c>*</c> for every one.</summary>
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
    /// name), <c>Failure</c> where no answer came, null before the first attempt.
    /// </summary>
    [JsonPropertyName("last_status")]
    public string? LastStatus { get; init; }

    /// <summary>Why the newest attempt failed; null or empty if it did not.</summary>
    [JsonPropertyName("last_reason")]
    public string? LastReason { get; init; }

    /// <summary>When the newest attempt ended, UTC; null before the first (on the wire Kudu's <c>0001-01-01T00:00:00</c>).</summary>
    [JsonPropertyName("last_datetime"), JsonConverter(typeof(KuduLastTimeConverter))]
    public DateTimeOffset? LastDateTime { get; init; }

    /// <summary>The exact text of the event sent last, in a list its first 2 KiB; null before the first attempt.</summary>
    [JsonPropertyName("last_context")]
    public string? LastContext { get; init; }

    /// <summary>True in a list where <c>last_context</c> is only the beginning: reading the one hook gives the whole. Else null.</summary>
    [JsonPropertyName("last_context_is_cut"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? LastContextIsCut { get; init; }

    /// <summary>The one site whose events the hook hears; null for a hook at the server's root, which hears every site.</summary>
    [JsonPropertyName("site")]
    public string? Site { get; init; }

    /// <summary><c>active</c>, or why nothing is sent: <c>paused</c>, <c>disabled</c>, <c>gone</c>.</summary>
    [JsonPropertyName("state")]
    public string State { get; init; } = "active";

    /// <summary>When the hook was first subscribed, UTC.</summary>
    [JsonPropertyName("created"), JsonConverter(typeof(KuduTimeConverter))]
    public DateTimeOffset Created { get; init; }

    /// <summary>What people wrote about it.</summary>
    [JsonPropertyName("description")]
    public string Description { get; init; } = "";

    /// <summary>Which events of its type it hears; null for every one.</summary>
    [JsonPropertyName("filter")]
    public HookFilter? Filter { get; init; }

    /// <summary>True if its events are sent one after the other, and one that fails holds back what comes behind it.</summary>
    [JsonPropertyName("ordered")]
    public bool Ordered { get; init; }

    /// <summary>How many attempts are made in a minute at most; null for no limit.</summary>
    [JsonPropertyName("rate")]
    public int? Rate { get; init; }

    /// <summary>The headers that are sent along, their values masked as <c>***</c>; null if there are none.</summary>
    [JsonPropertyName("headers")]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The authorities that alone may vouch for the receiver's certificate; null for those that the server's machine trusts.</summary>
    [JsonPropertyName("ca")]
    public IReadOnlyList<HookCertificate>? Ca { get; init; }

    /// <summary>The certificate that is shown to the receiver; null for none.</summary>
    [JsonPropertyName("client_certificate")]
    public HookCertificate? ClientCertificate { get; init; }

    /// <summary>Why the state is what it is; null if it is active, or a person set it.</summary>
    [JsonPropertyName("state_reason")]
    public string? StateReason { get; init; }

    /// <summary>Since when the state is what it is, UTC; null if it has never changed.</summary>
    [JsonPropertyName("state_since"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? StateSince { get; init; }

    /// <summary>Since when every attempt has failed, UTC; null if the newest did not.</summary>
    [JsonPropertyName("failing_since"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>
    /// What holds its events back: <c>paused</c>, <c>disabled</c>, <c>breaker</c> (attempts kept failing), <c>retry</c> (of an ordered hook),
    /// <c>rate</c>, <c>own_fault</c> (of the server); null if nothing does.
    /// </summary>
    [JsonPropertyName("held")]
    public string? Held { get; init; }

    /// <summary>Why its events are held back, in words; null if they are not.</summary>
    [JsonPropertyName("held_reason")]
    public string? HeldReason { get; init; }

    /// <summary>Until when nothing is sent, UTC; null if nothing is held back, or somebody has to end it.</summary>
    [JsonPropertyName("held_until"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>Until when the secret before signs too, UTC; null if there is none, or it has ended.</summary>
    [JsonPropertyName("secret_old_until"), JsonConverter(typeof(KuduNullableTimeConverter))]
    public DateTimeOffset? SecretOldUntil { get; init; }

    /// <summary>
    /// The signing secret, <c>whsec_</c> and base64. Only the answers to a subscription and to a rotation carry it.
    /// </summary>
    [JsonPropertyName("secret"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>Which of a hook's deliveries to send again.</summary>
public sealed record RedeliveryRequest
{
    /// <summary>Those whose events were accepted from this time on. The server also takes how long ago that is, such as <c>2h</c>.</summary>
    [JsonPropertyName("since"), JsonConverter(typeof(KuduTimeConverter))]
    public required DateTimeOffset Since { get; init; }

    /// <summary>Those whose events were accepted before this time; until now where null.</summary>
    [JsonPropertyName("until"), JsonConverter(typeof(KuduNullableTimeConverter)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>Those in this state: <c>failed</c>, <c>delivered</c> or <c>gone</c>; the failed ones where null.</summary>
    [JsonPropertyName("state"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }
}

using System.Text.Json.Serialization;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>Which deliveries of a hook to resend.</summary>
public sealed record RedeliveryRequest
{
    /// <summary>The start of the period in which the events were accepted. In JSON it can also be a duration before now, such as <c>2h</c>.</summary>
    [JsonPropertyName("since"), JsonConverter(typeof(KuduTimeConverter))]
    public required DateTimeOffset Since { get; init; }

    /// <summary>The end of the period; null for now.</summary>
    [JsonPropertyName("until"), JsonConverter(typeof(KuduNullableTimeConverter)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>The state of the deliveries: <c>failed</c>, <c>delivered</c> or <c>gone</c>; null for <c>failed</c>.</summary>
    [JsonPropertyName("state"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State { get; init; }
}

using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>The result of one line of a request that publishes many events.</summary>
public sealed record PublishedLine
{
    /// <summary>The number of the line in the request, from 1. Blank lines count.</summary>
    [JsonPropertyName("line")]
    public required int Line { get; init; }

    /// <summary>The event's id; decimal digits; treat it as opaque. Null if the line published no event.</summary>
    [JsonPropertyName("event_id")]
    public string? EventId { get; init; }

    /// <summary>
    /// <c>accepted</c>; <c>replayed</c> if the event was accepted before under the same key, so that nothing new was created; <c>mismatch</c> if the key belongs
    /// to a different event, so that nothing was created; <c>refused</c> in the problem of a refused request.
    /// </summary>
    [JsonPropertyName("outcome")]
    public required string Outcome { get; init; }

    /// <summary>Why the line published no event, and what to do. Absent if it did.</summary>
    [JsonPropertyName("problem"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nyala.Server.Events;

/// <summary>One line of a request that publishes many events.</summary>
/// <param name="Number">The number of the line in the request, from 1. Blank lines count.</param>
/// <param name="Type">The event's type.</param>
/// <param name="Key">The idempotency key; null if there is none.</param>
/// <param name="Body">The bytes of the body, as they stand in the line.</param>
internal sealed record EventLine(int Number, string Type, string? Key, byte[] Body);

/// <summary>Why a line is refused.</summary>
/// <param name="Number">The number of the line in the request, from 1. Blank lines count.</param>
/// <param name="Problem">What is wrong, and what to do.</param>
/// <param name="TooLarge">Whether only the size of the body is wrong.</param>
internal readonly record struct RefusedLine(int Number, string Problem, bool TooLarge);

// Only the API's description uses it: EventLineReader reads the bytes of the body, which a serializer would not keep.
/// <summary>An event to publish, on a line of its own.</summary>
internal sealed record PublishRequestLine
{
    /// <summary>The type of the event: 1 to 128 letters, digits, <c>.</c>, <c>_</c>, <c>:</c> or <c>-</c>.</summary>
    [JsonPropertyName("event")]
    public required string Type { get; init; }

    /// <summary>An idempotency key: 1 to 255 visible ASCII characters.</summary>
    [JsonPropertyName("key")]
    public string? Key { get; init; }

    /// <summary>Any JSON of at most 1 MiB. Receivers get these bytes.</summary>
    [JsonPropertyName("body")]
    public required JsonElement Body { get; init; }
}

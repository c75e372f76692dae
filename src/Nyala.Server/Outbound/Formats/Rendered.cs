using System.Text;
using System.Text.Json.Nodes;
using Nyala.Client.Json;

namespace Nyala.Server.Outbound.Formats;

/// <summary>An event as it was accepted.</summary>
/// <param name="Type">The event's type.</param>
/// <param name="Body">The event's body.</param>
internal readonly record struct EventContent(string Type, ReadOnlyMemory<byte> Body)
{
    /// <summary>The last lines of the deployment's log that the hook asks for, oldest first; empty for none.</summary>
    public IReadOnlyList<string> LogTail { get => field ?? []; init; }
}

/// <summary>The bytes that an attempt sends.</summary>
/// <param name="Body">The bytes.</param>
/// <param name="ContentType">Their content type.</param>
internal readonly record struct Rendered(ReadOnlyMemory<byte> Body, string ContentType)
{
    /// <summary>The content type of an event's own body.</summary>
    public const string Json = "application/json; charset=utf-8";

    /// <summary>Whether this sends an event's own body, so that the bytes need not be stored.</summary>
    public bool Is(ReadOnlySpan<byte> own) => ContentType == Json && Body.Span.SequenceEqual(own);

    /// <summary>Sends a JSON document.</summary>
    public static Rendered Of(JsonNode document) => new(Encoding.UTF8.GetBytes(document.ToJsonString(NyalaJson.Wire.Options)), Json);

    /// <summary>Sends the event's body as it is.</summary>
    public static Rendered AsIs(EventContent @event) => new(@event.Body, Json);
}

/// <summary>What a hook sets for its format, by name.</summary>
internal sealed record FormatSettings(IReadOnlyDictionary<string, string> Values)
{
    /// <summary>No settings.</summary>
    public static FormatSettings None { get; } = new(new Dictionary<string, string>());
}

using System.Text;
using System.Text.Json;

namespace Nyala.EndToEnd.Support;

/// <summary>A request that a receiver received.</summary>
/// <param name="Path">The requested path.</param>
/// <param name="Headers">The headers, by case-insensitive name.</param>
/// <param name="Body">The body, unchanged.</param>
internal sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public required string Method { get; init; }

    public string Text => Encoding.UTF8.GetString(Body);

    public string WebhookId => Headers["webhook-id"];

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Returns a text field of the body.</summary>
    public string? this[string name] => Json.GetProperty(name).GetString();
}

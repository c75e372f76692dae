using System.Text;
using System.Text.Json;

namespace Nyala.EndToEnd.Support;

/// <summary>A request that a receiver got.</summary>
/// <param name="Path">The path that it came to.</param>
/// <param name="Headers">Its headers, by name in any case.</param>
/// <param name="Body">Its body as it came.</param>
internal sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string WebhookId => Headers["webhook-id"];

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>A text of the body.</summary>
    public string? this[string name] => Json.GetProperty(name).GetString();
}

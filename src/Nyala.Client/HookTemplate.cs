using System.Text.Json.Serialization;

namespace Nyala.Client;

/// <summary>
/// The request of a hook with the format <c>template</c>: its body, and what else is different from a POST of JSON. It is no secret: reads show it. Put secrets in the
/// hook's <c>headers</c>.
/// </summary>
public sealed record HookTemplate
{
    /// <summary>The body, a template in the language Liquid, at most 64 KiB.</summary>
    [JsonPropertyName("body")]
    public required string Body { get; init; }

    /// <summary>The content type. Default: <c>application/json; charset=utf-8</c>.</summary>
    [JsonPropertyName("content_type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ContentType { get; init; }

    /// <summary><c>POST</c>, <c>PUT</c> or <c>PATCH</c>. Default: <c>POST</c>.</summary>
    [JsonPropertyName("method"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Method { get; init; }

    /// <summary>Headers by name. Their values are templates too. A header without a value is left out.</summary>
    [JsonPropertyName("headers"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>How values are escaped: <c>json</c>, <c>html</c>, <c>url</c> or <c>none</c>. Default: as the content type requires.</summary>
    [JsonPropertyName("escape"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Escape { get; init; }
}

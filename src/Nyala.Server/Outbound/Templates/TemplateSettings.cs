using System.Net.Http.Headers;
using System.Text.Json;
using Nyala.Client.Json;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Server.Outbound.Templates;

/// <summary>How the template of a hook is stored: as settings of its format.</summary>
internal static class TemplateSettings
{
    public const string Body = "body";
    public const string ContentType = "content_type";
    public const string Method = "method";
    public const string Escape = "escape";

    private const string HeaderMap = "headers";
    private const int MaxContentType = 200;

    /// <summary>The characters of a body's template, at most.</summary>
    public const int MaxTemplate = 64 * 1024;

    /// <summary>The methods that a template may use.</summary>
    public static readonly IReadOnlyList<string> Methods = ["POST", "PUT", "PATCH"];

    /// <summary>Returns the header templates by name.</summary>
    public static IReadOnlyDictionary<string, string> Headers(FormatSettings settings) => settings[HeaderMap] is { } stored
        ? JsonSerializer.Deserialize(stored, NyalaJson.Wire.IReadOnlyDictionaryStringString)!
        : new Dictionary<string, string>();

    /// <summary>Adds the header templates to the settings.</summary>
    public static void SetHeaders(IDictionary<string, string> settings, IReadOnlyDictionary<string, string> headers)
    {
        if (headers.Count > 0)
        {
            settings[HeaderMap] = JsonSerializer.Serialize(headers, NyalaJson.Wire.IReadOnlyDictionaryStringString);
        }
    }

    /// <summary>Whether a content type can be sent: visible ASCII in one line, and UTF-8 if it names a charset.</summary>
    public static bool IsUtf8(string text, MediaTypeHeaderValue type) => text.Length <= MaxContentType
        && text.All(c => c is >= ' ' and <= '~')
        && (type.CharSet is not { } charset || charset.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}

using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;

namespace Nyala.Server.Outbound.Templates;

/// <summary>How values are escaped where a template writes them.</summary>
internal static class Escaping
{
    public const string Json = "json";
    private const string Html = "html";
    private const string Url = "url";
    private const string None = "none";

    private static readonly Dictionary<string, TextEncoder> Encoders = new()
    {
        [Json] = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        [Html] = HtmlEncoder.Create(UnicodeRanges.All),
        [Url] = UrlEncoder.Create(Unreserved()),
        [None] = NullEncoder.Default,
    };

    /// <summary>The ways to escape.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Encoders.Keys];

    public static TextEncoder Encoder(string name) => Encoders[name];

    /// <summary>Returns how values are escaped in a content type.</summary>
    public static string Of(MediaTypeHeaderValue type) => type.MediaType switch
    {
        _ when IsJson(type) => Json,
        { } html when html.Equals("text/html", StringComparison.OrdinalIgnoreCase) => Html,
        { } form when form.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) => Url,
        _ => None,
    };

    /// <summary>Whether a content type is JSON.</summary>
    public static bool IsJson(MediaTypeHeaderValue type) => type.MediaType is { } name
        && (name.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || name.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    // RFC 3986, 2.3.
    private static TextEncoderSettings Unreserved()
    {
        var settings = new TextEncoderSettings();
        settings.AllowCharacters([.. "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"]);
        return settings;
    }
}

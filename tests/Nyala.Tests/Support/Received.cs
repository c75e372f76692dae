using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Nyala.Tests.Support;

/// <summary>A request that a receiver got.</summary>
internal sealed record Received(string Method, string PathAndQuery, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonElement.Parse(Text);

    public string this[string field] => Json.GetProperty(field).ToString();

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public static Received Of(HttpRequest request, byte[] body) => new(
        request.Method,
        new Uri(request.GetEncodedUrl()).PathAndQuery,
        request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        body);
}

using System.Text.Json;
using Nyala.Client.Json;
using Nyala.Server.Http;
using Nyala.Server.Outbound;
using Nyala.Server.Secrets;

namespace Nyala.Server.Hooks;

/// <summary>Reads, encrypts and shows the custom headers of a hook.</summary>
internal static class HookHeaders
{
    /// <summary>The text that is shown instead of a header's value.</summary>
    public const string Mask = "***";

    private const string Authorization = "Authorization";

    /// <summary>Reads the headers that a caller sent. Returns null, and adds an error to the fields, if a header is not valid.</summary>
    public static IReadOnlyList<CustomHeader>? Read(JsonFields fields, string field)
    {
        if (fields.Element(field) is not { ValueKind: JsonValueKind.Object } value)
        {
            fields.Refuse(field, $$"""'{{field}}' must be an object of names and values, for example {"X-Team":"web"}.""");
            return null;
        }

        var headers = new List<CustomHeader>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            string name = JsonFields.NameOf(property);
            string text = "";
            string? reason = property.Value.ValueKind != JsonValueKind.String || !JsonFields.TryGetText(property.Value, out text!)
                ? "contains a value that is not a string"
                : text == Mask ? "contains a masked value (***): send the real value"
                : !names.Add(name) ? "contains the same name twice"
                : null;
            if (reason is not null)
            {
                fields.Refuse(field, $"'{field}' {reason}.");
                return null;
            }

            headers.Add(new CustomHeader(name, text));
        }

        if (HeaderRule.Refuses(headers) is { } refusal)
        {
            fields.Refuse(field, $"'{field}' is not valid. {refusal}");
            return null;
        }

        return headers;
    }

    /// <summary>Encrypts headers. Returns null if there are no headers.</summary>
    public static string? Encrypt(IReadOnlyList<CustomHeader> headers, SecretBox secrets) => headers.Count == 0
        ? null
        : secrets.Encrypt(JsonSerializer.Serialize(
            headers.ToDictionary(header => header.Name, header => header.Value), NyalaJson.Wire.IReadOnlyDictionaryStringString));

    /// <summary>Decrypts headers.</summary>
    public static IReadOnlyList<CustomHeader> Decrypt(string? encrypted, SecretBox secrets) => encrypted is null
        ? []
        : [.. JsonSerializer.Deserialize(secrets.Decrypt(encrypted), NyalaJson.Wire.IReadOnlyDictionaryStringString)!
            .Select(header => new CustomHeader(header.Key, header.Value))];

    /// <summary>Returns the names with masked values; null if there are no headers.</summary>
    public static IReadOnlyDictionary<string, string>? Show(string? encrypted, SecretBox secrets) =>
        encrypted is null ? null : Decrypt(encrypted, secrets).ToDictionary(header => header.Name, _ => Mask);

    /// <summary>Whether the headers include <c>Authorization</c>. User info in a URL is sent in the same header.</summary>
    public static bool HaveAuthorization(IReadOnlyList<CustomHeader> headers) =>
        headers.Any(header => header.Name.Equals(Authorization, StringComparison.OrdinalIgnoreCase));
}

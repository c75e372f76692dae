using System.Text.Json;
using Nyala.Client.Json;
using Nyala.Server.Http;
using Nyala.Server.Outbound;
using Nyala.Server.Secrets;

namespace Nyala.Server.Hooks;

/// <summary>The headers that a hook has sent along: as they are given, kept and shown.</summary>
internal static class HookHeaders
{
    /// <summary>In place of a value, wherever one is shown.</summary>
    public const string Mask = "***";

    private const string Authorization = "Authorization";

    /// <summary>Reads the headers that somebody sent; null if something in them is wrong, which is then noted in the fields' errors.</summary>
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
                ? "holds a value that is no text"
                : text == Mask ? "holds a value as it is shown, masked: give the true one"
                : !names.Add(name) ? "holds a name twice"
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
            fields.Refuse(field, $"'{field}' cannot be sent along: {refusal}");
            return null;
        }

        return headers;
    }

    /// <summary>Encrypts headers; null if there are none.</summary>
    public static string? Encrypt(IReadOnlyList<CustomHeader> headers, SecretBox secrets) => headers.Count == 0
        ? null
        : secrets.Encrypt(JsonSerializer.Serialize(
            headers.ToDictionary(header => header.Name, header => header.Value), NyalaJson.Wire.IReadOnlyDictionaryStringString));

    /// <summary>Decrypts headers.</summary>
    public static IReadOnlyList<CustomHeader> Decrypt(string? encrypted, SecretBox secrets) => encrypted is null
        ? []
        : [.. JsonSerializer.Deserialize(secrets.Decrypt(encrypted), NyalaJson.Wire.IReadOnlyDictionaryStringString)!
            .Select(header => new CustomHeader(header.Key, header.Value))];

    /// <summary>The names with their values masked; null if there are none.</summary>
    public static IReadOnlyDictionary<string, string>? Show(string? encrypted, SecretBox secrets) =>
        encrypted is null ? null : Decrypt(encrypted, secrets).ToDictionary(header => header.Name, _ => Mask);

    /// <summary>Whether they hold the header that user info in a url stands for.</summary>
    public static bool HaveAuthorization(IReadOnlyList<CustomHeader> headers) =>
        headers.Any(header => header.Name.Equals(Authorization, StringComparison.OrdinalIgnoreCase));
}

using System.Text.Json;
using Nyala.Server.Http;

namespace Nyala.Server.Sources;

/// <summary>Reads what lies deeper in a payload. What has another type than it should counts as absent: these forms grow, and are not ours to police.</summary>
internal static class PayloadReader
{
    /// <summary>The object in a field; an empty one if there is none.</summary>
    public static JsonFields Part(this JsonFields fields, string name) => Part(fields.Element(name));

    /// <summary>The object that a value is; an empty one if it is none.</summary>
    public static JsonFields Part(JsonElement? value) => value is { ValueKind: JsonValueKind.Object } element ? new JsonFields(element) : JsonFields.Empty;

    /// <summary>The items of the list in a field; none if there is no list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonFields fields, string name) =>
        fields.Element(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>The text in a field, cut if it is too long; null if there is none.</summary>
    public static string? TextOf(this JsonFields fields, string name, int maxLength = TextLimit.Name) =>
        fields.Element(name) is { ValueKind: JsonValueKind.String } value && JsonFields.TryGetText(value, out string? text) && text.Length > 0
            ? TextLimit.Cut(text, maxLength)
            : null;

    /// <summary>Whether the field holds true.</summary>
    public static bool IsTrue(this JsonFields fields, string name) => fields.Element(name) is { ValueKind: JsonValueKind.True };
}

using System.Text.Json;
using Nyala.Server.Http;

namespace Nyala.Server.Sources;

/// <summary>
/// Reads nested values of a payload. A value of an unexpected type counts as absent, because other products define these forms and may extend them.
/// </summary>
internal static class PayloadReader
{
    /// <summary>Returns the object in a field; an empty object if the field has none.</summary>
    public static JsonFields Part(this JsonFields fields, string name) => Part(fields.Element(name));

    /// <summary>Returns the value as an object; an empty object if it is not one.</summary>
    public static JsonFields Part(JsonElement? value) => value is { ValueKind: JsonValueKind.Object } element ? new JsonFields(element) : JsonFields.Empty;

    /// <summary>Returns the items of the list in a field; no items if the field has no list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonFields fields, string name) =>
        fields.Element(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>Returns the text in a field, cut if it is too long; null if the field has no text, or an empty one.</summary>
    public static string? TextOf(this JsonFields fields, string name, int maxLength = TextLimit.Name) =>
        fields.Element(name) is { ValueKind: JsonValueKind.String } value && JsonFields.TryGetText(value, out string? text) && text.Length > 0
            ? TextLimit.Cut(text, maxLength)
            : null;

    /// <summary>Whether the field is true.</summary>
    public static bool IsTrue(this JsonFields fields, string name) => fields.Element(name) is { ValueKind: JsonValueKind.True };
}

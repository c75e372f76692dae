using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Nyala.Client.Json;

namespace Nyala.Server.Http;

/// <summary>
/// The fields of a JSON object, read as Kudu does: names are case-insensitive, unknown fields and nulls are ignored, and <c>"true"</c> and <c>"3"</c> are
/// accepted as true and 3. A value of a wrong type adds an error to <see cref="Errors"/>.
/// </summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _nulls = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<FieldError> _errors = [];

    public JsonFields(JsonElement root)
    {
        foreach (JsonProperty property in root.EnumerateObject())
        {
            string name = NameOf(property);
            if (property.Value.ValueKind != JsonValueKind.Null)
            {
                _fields[name] = property.Value;
            }
            else
            {
                _nulls.Add(name);
            }
        }
    }

    private JsonFields()
    {
    }

    public static JsonFields Empty => new();

    /// <summary>The errors in the fields that were read so far.</summary>
    public IReadOnlyList<FieldError> Errors => _errors;

    /// <summary>The names of the fields as they were sent, including fields that are null. Names that differ only in case appear once.</summary>
    public IReadOnlyCollection<string> Names => [.. _fields.Keys.Union(_nulls, StringComparer.OrdinalIgnoreCase)];

    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>Whether the field is present and null, for callers that distinguish this from an absent field.</summary>
    public bool IsNull(string name) => !Has(name) && _nulls.Contains(name);

    /// <summary>Whether no other fields than these are set. Fields that are null do not count.</summary>
    public bool HasOnly(params IEnumerable<string> names) => !_fields.Keys.Except(names, StringComparer.OrdinalIgnoreCase).Any();

    public void Refuse(string name, string text) => _errors.Add(new FieldError(name, text));

    /// <summary>
    /// Refuses every field that is not one of <paramref name="known"/>. It is for requests that only Nyala defines, where a mistyped field must not be ignored.
    /// Call it before the fields are read, because only the first error of a request lists the known fields.
    /// </summary>
    /// <param name="known">The names of the accepted fields.</param>
    /// <param name="hint">What to do instead.</param>
    public void RefuseOthers(IReadOnlyList<string> known, string hint)
    {
        const int MaxNamed = 5;
        foreach (string name in _fields.Keys.Union(_nulls).Except(known, StringComparer.OrdinalIgnoreCase).Take(MaxNamed))
        {
            string shown = name.Length > 40 ? name[..40] + "…" : name;
            Refuse(shown, Errors.Count == 0
                ? $"'{shown}' is not a field of this request. The fields are {string.Join(", ", known)}. {hint}".TrimEnd()
                : $"'{shown}' is not a field of this request either.");
        }
    }

    /// <summary>Returns the value as it was sent; null if the field is absent.</summary>
    public JsonElement? Element(string name) => _fields.TryGetValue(name, out JsonElement value) ? value : null;

    /// <summary>Returns a text; null if the field is absent, is not a text, or is too long.</summary>
    public string? Text(string name, int maxLength = int.MaxValue)
    {
        if (!_fields.TryGetValue(name, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String || !TryGetText(value, out string? text))
        {
            Refuse(name, $"'{name}' must be a string.");
            return null;
        }

        if (text.Length > maxLength)
        {
            Refuse(name, $"'{name}' has {text.Length} characters; the maximum is {maxLength}.");
            return null;
        }

        return text;
    }

    /// <summary>Returns a list of texts. A single text is a list of one. Returns null if the field is absent, or is not a list of texts.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (!_fields.TryGetValue(name, out JsonElement value))
        {
            return null;
        }

        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        var texts = new List<string>(items.Length);
        foreach (JsonElement item in items)
        {
            if (item.ValueKind != JsonValueKind.String || !TryGetText(item, out string? text))
            {
                Refuse(name, $"'{name}' must be a list of strings.");
                return null;
            }

            texts.Add(text);
        }

        return texts;
    }

    public bool? Flag(string name)
    {
        if (!_fields.TryGetValue(name, out JsonElement value))
        {
            return null;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            case JsonValueKind.String when TryGetText(value, out string? text) && bool.TryParse(text, out bool flag):
                return flag;
            default:
                Refuse(name, $"'{name}' must be true or false.");
                return null;
        }
    }

    public int? Number(string name, int min, int max)
    {
        if (!_fields.TryGetValue(name, out JsonElement value))
        {
            return null;
        }

        int number = 0;
        bool read = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetInt32(out number),
            JsonValueKind.String => TryGetText(value, out string? text) && int.TryParse(text, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
        if (!read || number < min || number > max)
        {
            Refuse(name, $"'{name}' must be a whole number from {min} to {max}.");
            return null;
        }

        return number;
    }

    public DateTimeOffset? Time(string name)
    {
        if (!_fields.TryGetValue(name, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && TryGetText(value, out string? text) && KuduTime.TryParse(text, out DateTimeOffset time))
        {
            return time;
        }

        Refuse(name, $"'{name}' must be an ISO 8601 time, for example 2026-02-27T17:45:06Z.");
        return null;
    }

    /// <summary>Returns a field's name. If the name is not valid text, returns a name that no field has, so that the field counts as unknown.</summary>
    internal static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }

    // An escaped lone surrogate is valid JSON, but not valid text: GetString throws.
    internal static bool TryGetText(JsonElement value, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }
}

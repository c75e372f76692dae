using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Nyala.Client.Json;

namespace Nyala.Server.Http;

/// <summary>
/// The fields of a JSON object as Kudu reads them: names without regard to case, unknown fields and nulls ignored,
/// <c>"true"</c> and <c>"3"</c> accepted as true and 3. What has the wrong type is noted in <see cref="Errors"/>.
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

    /// <summary>What is wrong with the fields read so far.</summary>
    public IReadOnlyList<FieldError> Errors => _errors;

    /// <summary>The names of the fields as they were sent, also of those that are null. Of names that differ by case alone, one.</summary>
    public IReadOnlyCollection<string> Names => [.. _fields.Keys.Union(_nulls, StringComparer.OrdinalIgnoreCase)];

    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>Whether the field is there, and null: for callers who tell that from its absence.</summary>
    public bool IsNull(string name) => !Has(name) && _nulls.Contains(name);

    /// <summary>Whether there is no other field than these.</summary>
    public bool HasOnly(params IEnumerable<string> names) => !_fields.Keys.Except(names, StringComparer.OrdinalIgnoreCase).Any();

    public void Refuse(string name, string text) => _errors.Add(new FieldError(name, text));

    /// <summary>Refuses, before any other, every field that is not one of <paramref name="known"/>: for what is Nyala's own, where a slip must not pass for a choice.</summary>
    /// <param name="known">The names of the fields that are taken.</param>
    /// <param name="hint">What to do in place of it.</param>
    public void RefuseOthers(IReadOnlyList<string> known, string hint)
    {
        const int MaxNamed = 5;
        foreach (string name in _fields.Keys.Union(_nulls).Except(known, StringComparer.OrdinalIgnoreCase).Take(MaxNamed))
        {
            string shown = name.Length > 40 ? name[..40] + "…" : name;
            Refuse(shown, Errors.Count == 0
                ? $"'{shown}' is no field of this request; those are {string.Join(", ", known)}. {hint}".TrimEnd()
                : $"'{shown}' is none either.");
        }
    }

    /// <summary>The value as it stands; null if the field is absent.</summary>
    public JsonElement? Element(string name) => _fields.TryGetValue(name, out JsonElement value) ? value : null;

    /// <summary>A text; null if the field is absent or is none.</summary>
    public string? Text(string name, int maxLength = int.MaxValue)
    {
        if (!_fields.TryGetValue(name, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String || !TryGetText(value, out string? text))
        {
            Refuse(name, $"'{name}' must be a text.");
            return null;
        }

        if (text.Length > maxLength)
        {
            Refuse(name, $"'{name}' has {text.Length} characters; at most {maxLength} are taken.");
            return null;
        }

        return text;
    }

    /// <summary>A list of texts; one text alone is a list of one. Null if the field is absent or is none.</summary>
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
                Refuse(name, $"'{name}' must be a list of texts.");
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

        Refuse(name, $"'{name}' must be a time in ISO 8601, for example 2026-02-27T17:45:06Z.");
        return null;
    }

    /// <summary>A field's name; one that is no text gets one that no field has, so that it counts as unknown.</summary>
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

    // A lone surrogate in an escape is valid JSON and no text: the reader throws at it.
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

using System.Text.Json;
using Nyala.Client.Json;
using Nyala.Server.Http;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Secrets;

namespace Nyala.Server.Hooks;

/// <summary>Reads, checks, encrypts and shows what a hook sets for its format: the field <c>format_settings</c>.</summary>
internal static class HookFormatSettings
{
    public const string Field = "format_settings";

    private const int MaxValue = 4096;

    /// <summary>Reads the settings that a caller sent. Returns null, and adds an error to the fields, if one is not valid.</summary>
    public static IReadOnlyDictionary<string, string>? Read(JsonFields fields, string field)
    {
        if (fields.Element(field) is not { ValueKind: JsonValueKind.Object } value)
        {
            fields.Refuse(field, $$"""'{{field}}' must be an object of names and values, for example {"mode":"binary"}.""");
            return null;
        }

        var settings = new Dictionary<string, string>();
        foreach (JsonProperty property in value.EnumerateObject())
        {
            string text = "";
            string? reason = property.Value.ValueKind != JsonValueKind.String || !JsonFields.TryGetText(property.Value, out text!) ? "contains a value that is not a string"
                : text == HookHeaders.Mask ? "contains a masked value (***): send the real value"
                : text.Length > MaxValue ? $"contains a value of {text.Length} characters; the maximum is {MaxValue}"
                : !settings.TryAdd(JsonFields.NameOf(property), text) ? "contains the same name twice"
                : null;
            if (reason is not null)
            {
                fields.Refuse(field, $"'{field}' {reason}.");
                return null;
            }
        }

        return settings;
    }

    /// <summary>Adds an error to the fields if a format does not accept these settings.</summary>
    public static void Check(JsonFields fields, IFormat format, IReadOnlyDictionary<string, string> settings)
    {
        FormatFacts facts = format.Facts;
        if (format == FormatCatalog.Template)
        {
            fields.Refuse(Field, $"The format 'template' has no settings. Send '{HookTemplates.Field}' instead.");
            return;
        }

        foreach ((string name, string value) in settings)
        {
            FormatSetting? known = facts.Settings.FirstOrDefault(setting => setting.Name == name);
            if (known is null)
            {
                string names = facts.Settings.Count == 0 ? "It has none." : $"It has {string.Join(", ", facts.Settings.Select(setting => setting.Name))}.";
                fields.Refuse(Field, $"'{name}' is not a setting of the format '{facts.Name}'. {names}");
            }
            else if (known.Refuses(value) is { } reason)
            {
                fields.Refuse(Field, $"'{Field}.{name}' is not valid. {reason}");
            }
        }

        if (facts.Settings.FirstOrDefault(setting => setting.IsRequired && !settings.ContainsKey(setting.Name)) is { } missing)
        {
            fields.Refuse(Field, Missing(format, missing));
        }
    }

    /// <summary>Returns the error if a format requires settings and the hook has none; null if it requires none.</summary>
    public static FieldError? RefusesNone(IFormat format) =>
        format == FormatCatalog.Template ? HookTemplates.Missing :
        format.Facts.Settings.FirstOrDefault(setting => setting.IsRequired) is not { } missing ? null
        : new FieldError(Field, Missing(format, missing));

    /// <summary>Encrypts settings. Returns null if there are none.</summary>
    public static string? Encrypt(IReadOnlyDictionary<string, string> settings, SecretBox secrets) =>
        settings.Count == 0 ? null : secrets.Encrypt(JsonSerializer.Serialize(settings, NyalaJson.Wire.IReadOnlyDictionaryStringString));

    /// <summary>Decrypts settings.</summary>
    public static FormatSettings Decrypt(string? encrypted, SecretBox secrets) => encrypted is null
        ? FormatSettings.None
        : new FormatSettings(JsonSerializer.Deserialize(secrets.Decrypt(encrypted), NyalaJson.Wire.IReadOnlyDictionaryStringString)!);

    /// <summary>Returns the settings with masked secrets; null if there are none.</summary>
    public static IReadOnlyDictionary<string, string>? Show(IFormat format, FormatSettings settings) =>
        settings.Values.Count == 0 || format == FormatCatalog.Template
            ? null
            : settings.Values.ToDictionary(
                setting => setting.Key,
                setting => format.Facts.Settings.Any(known => known.Name == setting.Key && !known.IsSecret) ? setting.Value : HookHeaders.Mask);

    private static string Missing(IFormat format, FormatSetting missing) =>
        $"The format '{format.Facts.Name}' needs '{missing.Name}' in '{Field}': {missing.Meaning}.";
}

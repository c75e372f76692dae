using System.Text;
using System.Text.Json;
using Nyala.Server.Http;

namespace Nyala.Server.Sites;

/// <summary>Reads settings in Kudu's format: <c>{"key": …, "value": …}</c> is one setting; any other object is one setting for each field.</summary>
internal static class SettingForm
{
    private const string Key = "key";
    private const string Value = "value";
    private const int MaxValue = 64 * 1024;
    private const int MaxRefused = 3;

    /// <summary>Reads the names and values of settings. Adds an error to the fields for each setting that is not valid, up to three.</summary>
    public static IReadOnlyList<(string Name, string Value)> Read(JsonFields fields)
    {
        var settings = new List<(string, string)>();
        IReadOnlyCollection<string> names = fields.Names;
        if (names.Count == 2 && names.Contains(Key) && names.Contains(Value))
        {
            Take(fields.Text(Key), Value);
            return settings;
        }

        foreach (string name in names)
        {
            Take(name, name);
        }

        return settings;

        void Take(string? name, string field)
        {
            if (name is null || fields.Errors.Count >= MaxRefused)
            {
                if (fields.Errors.Count == 0)
                {
                    fields.Refuse(Key, "'key' must be the name of the setting.");
                }

                return;
            }

            if (Refuses(name, fields.Element(field), out string? value) is { } reason)
            {
                string shown = name.Length > 40 ? name[..40] + "…" : name;
                fields.Refuse(shown, $"'{shown}' cannot be set: {reason}.");
            }
            else
            {
                settings.Add((name, value!));
            }
        }
    }

    private static string? Refuses(string name, JsonElement? given, out string? value)
    {
        value = given is { } element ? TextOf(element) : null;
        return SettingName.Refuses(name)
            ?? (given is null ? "its value is null. To remove a setting, use DELETE /sites/{{site}}/api/settings/{key}"
                : value is null ? "its value must be a string, a number, true or false"
                : Refuses(name, value));
    }

    private static string? Refuses(string name, string value) => SettingName.MeaningOf(name) switch
    {
        SettingMeaning.Branch => SiteForm.RefusesBranch(value) is null ? null : $"it is the site's branch, which must be {BranchName.Rule}",
        SettingMeaning.Command when !string.IsNullOrWhiteSpace(value) => SiteForm.RefusesCommand(value) is { } reason ? $"it is the site's command, which {reason}" : null,
        _ when name.Equals(KuduSettings.IdleTimeout, StringComparison.OrdinalIgnoreCase) && value.Length > 0 && KuduSettings.ReadIdleTimeout(value) is null =>
            "its value must be a whole number of seconds, 1 or more",
        _ => value.Contains('\0', StringComparison.Ordinal) ? "its value contains a NUL character, which an environment variable cannot hold"
            : Encoding.UTF8.GetByteCount(value) > MaxValue ? $"its value is longer than {MaxValue} bytes"
            : null,
    };

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonFields.TryGetText(value, out string? text) ? text : null,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}

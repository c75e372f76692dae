using System.Globalization;
using System.Reflection;
using Nyala.Server.Http;

namespace Nyala.Server.Hosting;

/// <summary>Reads options from the configuration and reports all errors at once.</summary>
internal static class OptionsReader
{
    /// <summary>The maximum number of errors to report. Nobody reads more.</summary>
    private const int MaxErrors = 50;

    /// <summary>Fills <paramref name="options"/> from <paramref name="configuration"/> and validates them.</summary>
    /// <param name="names">The names of the options in errors; null for their keys.</param>
    /// <returns>All errors, each naming its option; empty if the options are valid.</returns>
    public static IReadOnlyList<string> Read(IConfiguration configuration, NyalaOptions options, OptionNames? names = null)
    {
        names ??= OptionNames.Keys;
        var errors = new List<string>();
        Fill(configuration, options, names, errors);
        errors.AddRange(options.Validate().Select(names.In));
        return errors;
    }

    /// <summary>Whether a property of this type is a section with its own options.</summary>
    public static bool IsSection(Type type) => type.Namespace?.StartsWith("Nyala.", StringComparison.Ordinal) == true;

    private static void Fill(IConfiguration configuration, object options, OptionNames names, List<string> errors)
    {
        Dictionary<string, PropertyInfo> known = options.GetType().GetProperties()
            .Where(property => property.CanWrite)
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        foreach (IConfigurationSection section in configuration.GetChildren())
        {
            if (errors.Count >= MaxErrors)
            {
                return;
            }

            if (known.TryGetValue(section.Key, out PropertyInfo? property))
            {
                Set(section, options, property, names, errors);
            }
            else
            {
                errors.Add($"{names.Of(section.Path)} is not an option. {Near(section, known.Values, names)}");
            }
        }
    }

    private static void Set(IConfigurationSection section, object options, PropertyInfo property, OptionNames names, List<string> errors)
    {
        Type type = property.PropertyType;
        if (IsSection(type))
        {
            if (section.Value is { Length: > 0 } text)
            {
                errors.Add($"{names.Of(section.Path)} is '{text}', but it is a section that contains options.");
            }

            Fill(section, property.GetValue(options)!, names, errors);
            return;
        }

        if (type.IsArray)
        {
            // If an entry is bad, the default stays, so that validation never judges a partial list.
            if (ReadArray(section, type.GetElementType()!, names, errors) is { } values)
            {
                property.SetValue(options, values);
            }

            return;
        }

        if (section.GetChildren().Any())
        {
            errors.Add($"{names.Of(section.Path)} is an object or a list. It must be {Form(type)}.");
        }
        else if (Parse(section.Value, type) is { } value)
        {
            property.SetValue(options, value);
        }
        else
        {
            errors.Add(Expect(section, type, names));
        }
    }

    /// <summary>Reads an array, which is either a JSON array or one text with comma-separated elements, as in an environment variable.</summary>
    private static Array? ReadArray(IConfigurationSection section, Type element, OptionNames names, List<string> errors)
    {
        string[] texts = section.Value is { } list
            ? list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [.. section.GetChildren().Select(child => child.Value ?? "")];
        var values = Array.CreateInstance(element, texts.Length);
        bool good = true;
        for (int i = 0; i < texts.Length && errors.Count < MaxErrors; i++)
        {
            if (Parse(texts[i], element) is { } value)
            {
                values.SetValue(value, i);
            }
            else
            {
                good = false;
                errors.Add($"{names.Of(section.Path)} contains '{texts[i]}': each entry must be {Form(element)}.");
            }
        }

        return good ? values : null;
    }

    private static object? Parse(string? text, Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.String => text ?? "",
        TypeCode.Int32 => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null,
        TypeCode.Int64 => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null,
        TypeCode.Boolean => bool.TryParse(text, out bool flag) ? flag : null,
        _ when type == typeof(TimeSpan) => Duration.TryParse(text, out TimeSpan duration) ? duration : null,
        _ => throw new NotSupportedException($"Options of type {type} are not read."),
    };

    private static string Expect(IConfigurationSection section, Type type, OptionNames names) => $"{names.Of(section.Path)} is '{section.Value}': it must be {Form(type)}.";

    private static string Form(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        TypeCode.Boolean => "true or false",
        _ when type == typeof(TimeSpan) => "a duration such as 30s, 5m, 12h, 7d or 00:00:30",
        _ => "a string",
    };

    private static string Near(IConfigurationSection section, IEnumerable<PropertyInfo> known, OptionNames names)
    {
        // The name of an unknown section says less than the option that was meant inside it.
        IConfigurationSection leaf = section;
        while (leaf.GetChildren().FirstOrDefault() is { } child && !int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            leaf = child;
        }

        if (NearestOption.Of(leaf.Path) is { } near)
        {
            return $"Did you mean {names.Spell(section.Path, near) ?? near}?";
        }

        string above = section.Path[..^section.Key.Length];
        return $"The options here are {string.Join(", ", known.Select(option => names == OptionNames.Keys ? option.Name : names.Spell(section.Path, above + option.Name)).Order(StringComparer.Ordinal))}. Is '{section.Key}' misspelled?";
    }
}

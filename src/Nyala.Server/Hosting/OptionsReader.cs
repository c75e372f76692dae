using System.Globalization;
using System.Reflection;
using Nyala.Server.Http;

namespace Nyala.Server.Hosting;

/// <summary>Reads options from configuration and reports everything that is wrong with it at once.</summary>
internal static class OptionsReader
{
    /// <summary>Fills <paramref name="options"/> from <paramref name="configuration"/> and validates them.</summary>
    /// <returns>All errors, each naming its key; empty where the options are good.</returns>
    public static IReadOnlyList<string> Read(IConfiguration configuration, NyalaOptions options)
    {
        var errors = new List<string>();
        Fill(configuration, options, errors);
        errors.AddRange(options.Validate());
        return errors;
    }

    private static void Fill(IConfiguration configuration, object options, List<string> errors)
    {
        Dictionary<string, PropertyInfo> known = options.GetType().GetProperties()
            .Where(property => property.CanWrite)
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        foreach (IConfigurationSection section in configuration.GetChildren())
        {
            if (known.TryGetValue(section.Key, out PropertyInfo? property))
            {
                Set(section, options, property, errors);
            }
            else
            {
                errors.Add($"{section.Path} is not an option. {Near(section.Key, known.Values.Select(option => option.Name))}");
            }
        }
    }

    private static void Set(IConfigurationSection section, object options, PropertyInfo property, List<string> errors)
    {
        Type type = property.PropertyType;
        if (type.Namespace?.StartsWith("Nyala.", StringComparison.Ordinal) == true)
        {
            if (section.Value is { Length: > 0 } text)
            {
                errors.Add($"{section.Path} is '{text}': it is a section, with options of its own.");
            }

            Fill(section, property.GetValue(options)!, errors);
            return;
        }

        if (type.IsArray)
        {
            // One bad entry leaves the default, so that nothing made up is judged.
            if (ReadArray(section, type.GetElementType()!, errors) is { } values)
            {
                property.SetValue(options, values);
            }

            return;
        }

        if (section.GetChildren().Any())
        {
            errors.Add($"{section.Path} is an object or a list: it must be {Form(type)}.");
        }
        else if (Parse(section.Value, type) is { } value)
        {
            property.SetValue(options, value);
        }
        else
        {
            errors.Add(Expect(section, type));
        }
    }

    /// <summary>An array is a JSON array, or one text with its elements separated by commas, as it stands in an environment variable.</summary>
    private static Array? ReadArray(IConfigurationSection section, Type element, List<string> errors)
    {
        string[] texts = section.Value is { } list
            ? list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [.. section.GetChildren().Select(child => child.Value ?? "")];
        var values = Array.CreateInstance(element, texts.Length);
        bool good = true;
        for (int i = 0; i < texts.Length; i++)
        {
            if (Parse(texts[i], element) is { } value)
            {
                values.SetValue(value, i);
            }
            else
            {
                good = false;
                errors.Add($"{section.Path} holds '{texts[i]}': each entry must be {Form(element)}.");
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

    private static string Expect(IConfigurationSection section, Type type) => $"{section.Path} is '{section.Value}': it must be {Form(type)}.";

    private static string Form(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        TypeCode.Boolean => "true or false",
        _ when type == typeof(TimeSpan) => "a duration such as 30s, 5m, 12h, 7d or 00:00:30",
        _ => "a text",
    };

    private static string Near(string key, IEnumerable<string> names)
    {
        (string Name, int Distance)[] near = [.. names.Select(name => (name, Distance(key, name))).OrderBy(item => item.Item2).ThenBy(item => item.name)];
        return near is [(_, <= 2), ..]
            ? $"Did you mean {near[0].Name}?"
            : $"Options here: {string.Join(", ", near.Select(item => item.Name).Order())}. Is '{key}' misspelt?";
    }

    /// <summary>How many letters have to be put in, taken out or changed to make one text the other, whatever their case.</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int change = corner + (char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1);
                corner = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[other.Length];
    }
}

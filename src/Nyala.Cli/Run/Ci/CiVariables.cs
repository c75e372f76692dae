using System.Text.Json;

namespace Nyala.Cli.Run.Ci;

/// <summary>
/// Reads the entries of <see cref="CiSystems"/>: <c>NAME</c> is a variable, <c>NAME=value</c> is a variable that counts only if it has that value, and
/// <c>NAME#key</c> is a key in the file whose path the variable contains. The file is JSON (<c>a.b</c> is a path) or Java properties.
/// </summary>
internal sealed class CiVariables(Func<string, string?> variable, Func<string, string?> readFile)
{
    /// <summary>The maximum size, in bytes, of a file to read. The event and properties files of CI systems are far smaller.</summary>
    private const int MaxFile = 4 * 1024 * 1024;

    private readonly Dictionary<string, string?> _files = new(StringComparer.Ordinal);

    /// <summary>Creates a reader for the variables of an environment and the files of this machine.</summary>
    public static CiVariables Of(CommandEnvironment environment) => new(environment.Variable, ReadFile);

    /// <summary>The value of an entry; null if it is not set or empty.</summary>
    public string? this[string entry]
    {
        get
        {
            if (entry.Split('=', 2) is [string name, string wanted])
            {
                return this[name] is { } found && found.Equals(wanted, StringComparison.OrdinalIgnoreCase) ? found : null;
            }

            string[] steps = entry.Split('#');
            string? value = NullIfUnset(variable(steps[0]));
            foreach (string key in steps.Skip(1))
            {
                value = value is null ? null : NullIfUnset(InFile(value, key));
            }

            return value;
        }
    }

    /// <summary>Returns the value of the first entry that is set; null if none is set.</summary>
    public string? First(IEnumerable<string> entries) => entries.Select(entry => this[entry]).FirstOrDefault(value => value is not null);

    /// <summary>Returns the value of a key in a Java properties file; null if the key does not exist.</summary>
    internal static string? Property(string text, string key)
    {
        foreach (string line in text.Split('\n'))
        {
            int end = 0;
            while (end < line.Length && line[end] is not ('=' or ':'))
            {
                end += line[end] == '\\' ? 2 : 1;
            }

            if (end < line.Length && Unescape(line[..end].Trim()) == key)
            {
                return Unescape(line[(end + 1)..].Trim());
            }
        }

        return null;
    }

    private static string Unescape(string text)
    {
        var plain = new System.Text.StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                plain.Append(text[i]);
            }
            else if (text[++i] == 'u' && i + 4 < text.Length && ushort.TryParse(text.AsSpan(i + 1, 4), System.Globalization.NumberStyles.HexNumber, null, out ushort code))
            {
                plain.Append((char)code);
                i += 4;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }

    private static string? Json(string text, string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement at = document.RootElement;
            foreach (string name in path.Split('.'))
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                {
                    return null;
                }
            }

            return at.ValueKind == JsonValueKind.String ? at.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string that is not valid Unicode.
            return null;
        }
    }

    private static string? ReadFile(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= MaxFile } file ? File.ReadAllText(file.FullName) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    // Azure Pipelines does not replace a macro such as $(NAME) if its variable is not set.
    private static string? NullIfUnset(string? value) => string.IsNullOrWhiteSpace(value) || value.StartsWith("$(", StringComparison.Ordinal) ? null : value;

    private string? InFile(string path, string key)
    {
        if (!_files.TryGetValue(path, out string? text))
        {
            _files[path] = text = readFile(path);
        }

        return text is null ? null : text.AsSpan().TrimStart().StartsWith("{", StringComparison.Ordinal) ? Json(text, key) : Property(text, key);
    }
}

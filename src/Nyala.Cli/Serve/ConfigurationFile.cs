using System.Text;
using System.Text.Json;

namespace Nyala.Cli.Serve;

/// <summary>Reads a configuration file: a JSON object that may contain comments and trailing commas.</summary>
internal static class ConfigurationFile
{
    private const int MaxBytes = 1 << 20;

    private static readonly JsonDocumentOptions Form = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <param name="file">The path of the file.</param>
    /// <param name="required">Whether the file must exist.</param>
    /// <param name="errors">The list to which errors are added.</param>
    public static IReadOnlyList<ConfiguredValue> Read(string file, bool required, List<string> errors)
    {
        try
        {
            string path = Path.GetFullPath(file);
            if (!required && !Path.Exists(path) && new FileInfo(path).LinkTarget is null)
            {
                return [];
            }

            if (Directory.Exists(path))
            {
                errors.Add($"{path} is a folder, not a configuration file.");
                return [];
            }

            return Parse(ReadBytes(path), path, errors);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            errors.Add($"The file {Path.GetFullPath(file)} does not exist.");
            return [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            errors.Add($"The configuration file '{file}' cannot be read: {error.Message}");
            return [];
        }
    }

    /// <summary>Reads the options from the content of a file.</summary>
    internal static IReadOnlyList<ConfiguredValue> Parse(ReadOnlyMemory<byte> bytes, string path, List<string> errors)
    {
        var values = new List<ConfiguredValue>();
        if (bytes.Length > MaxBytes)
        {
            errors.Add($"{path} is larger than 1 MiB, the limit for a configuration file.");
            return values;
        }

        ReadOnlySpan<byte> start = bytes.Span;
        if (start is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..])
        {
            errors.Add($"{path} is in UTF-16: save it as UTF-8.");
            return values;
        }

        try
        {
            ReadOnlyMemory<byte> text = start is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes;
            Strict.GetCharCount(text.Span);
            using JsonDocument document = JsonDocument.Parse(text, Form);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                Flatten(document.RootElement, "", new ConfigurationSource(File: path), values);
            }
            else
            {
                errors.Add($"{path} must contain one JSON object with the options as its fields.");
            }
        }
        catch (DecoderFallbackException)
        {
            errors.Add($"{path} is not UTF-8 text.");
        }
        catch (JsonException error)
        {
            // The exception counts lines and positions from 0, and repeats them at the end of its message.
            string what = error.Message.Split(" LineNumber:")[0];
            errors.Add($"{path} cannot be read: line {error.LineNumber + 1}, position {error.BytePositionInLine + 1}: {what}");
        }
        catch (InvalidOperationException)
        {
            errors.Add($"{path} contains a \\u escape that is half of a surrogate pair.");
        }

        return values;
    }

    private static byte[] ReadBytes(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        byte[] bytes = new byte[MaxBytes + 1];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private static void Flatten(JsonElement element, string key, ConfigurationSource source, List<ConfiguredValue> values)
    {
        bool empty = true;
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty field in element.EnumerateObject())
            {
                empty = false;
                Flatten(field.Value, Below(key, field.Name), source, values);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            int index = 0;
            foreach (JsonElement item in element.EnumerateArray())
            {
                empty = false;
                Flatten(item, Below(key, index++.ToString(null, null)), source, values);
            }
        }
        else
        {
            values.Add(new ConfiguredValue(key, element.ValueKind == JsonValueKind.Null ? null : element.ToString(), source, key));
            return;
        }

        // An empty list is a value; an empty object is not.
        if (empty && key.Length > 0)
        {
            values.Add(new ConfiguredValue(key, element.ValueKind == JsonValueKind.Array ? "" : null, source, key));
        }
    }

    private static string Below(string key, string name) => key.Length == 0 ? name : $"{key}:{name}";
}

using System.Collections;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Nyala.Server.Access;
using Nyala.Server.Hosting;

namespace Nyala.Cli.Serve;

/// <summary>Puts a server's options together: the file, then the environment, then the flags; the later wins.</summary>
internal static class ServeConfiguration
{
    public const string DefaultFile = "nyala.json";
    public const string Prefix = "NYALA_";
    public const string AdminTokenVariable = "NYALA_ADMIN_TOKEN";
    public const int MinTokenLength = AdminToken.MinLength;

    // Those of the other verbs: no options of a server.
    private static readonly string[] OtherVariables = [AdminTokenVariable, "NYALA_SERVER", "NYALA_TOKEN"];

    /// <summary>Reads the options.</summary>
    /// <returns>All that is wrong with them; empty where they are good.</returns>
    public static IReadOnlyList<string> Read(
        string? file, string? urls, string? data, IEnumerable<KeyValuePair<string, string?>> variables, NyalaOptions options)
    {
        string path = Path.GetFullPath(file ?? DefaultFile);
        if (file is not null && !File.Exists(path))
        {
            return [$"There is no file {path}."];
        }

        try
        {
            IConfigurationRoot configuration = new ConfigurationBuilder()
                .AddJsonFile(path, optional: true)
                .AddInMemoryCollection(variables)
                .AddInMemoryCollection(Flags(urls, data))
                .Build();
            return OptionsReader.Read(configuration, options);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return [$"{path} cannot be read: {Explain(error)}"];
        }
    }

    /// <summary>The options that the environment sets: <c>NYALA_DELIVERY__LIFE</c> is <c>Delivery:Life</c>.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Variables()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && !OtherVariables.Contains(name))
            {
                yield return KeyValuePair.Create(name[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value);
            }
        }
    }

    private static string Explain(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is JsonException json)
            {
                // The exception counts from 0, and says so once more at the end of its message.
                string what = json.Message.Split(" LineNumber:")[0];
                return $"line {json.LineNumber + 1}, position {json.BytePositionInLine + 1}: {what}";
            }
        }

        return error.InnerException?.Message ?? error.Message;
    }

    private static IEnumerable<KeyValuePair<string, string?>> Flags(string? urls, string? data)
    {
        if (urls is not null)
        {
            yield return KeyValuePair.Create(nameof(NyalaOptions.Urls), (string?)urls);
        }

        if (data is not null)
        {
            yield return KeyValuePair.Create(nameof(NyalaOptions.Data), (string?)data);
        }
    }
}

using System.Collections;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Nyala.Server;
using Nyala.Server.Access;
using Nyala.Server.Hosting;

namespace Nyala.Cli.Serve;

/// <summary>Combines the options of a server. Flags override the environment, and the environment overrides the configuration file.</summary>
internal static class ServeConfiguration
{
    public const string DefaultFile = "nyala.json";
    public const string Prefix = "NYALA_";
    public const string AdminTokenVariable = "NYALA_ADMIN_TOKEN";
    public const int MinTokenLength = AdminToken.MinLength;

    // Variables that are not options of the server.
    private static readonly string[] OtherVariables = [AdminTokenVariable, "NYALA_SERVER", "NYALA_TOKEN"];

    private static readonly ConfigurationSource Environment = new(Prefix: Prefix);
    private static readonly ConfigurationSource Flag = new();

    /// <summary>Reads the options.</summary>
    /// <returns>All errors; empty if the options are valid.</returns>
    public static IReadOnlyList<string> Read(
        string? file, string? urls, string? data, IEnumerable<KeyValuePair<string, string?>> variables, NyalaOptions options)
    {
        var errors = new List<string>();
        IReadOnlyList<ConfiguredValue> inFile = ConfigurationFile.Read(file ?? DefaultFile, required: file is not null, errors);
        return Read([inFile, Named(variables), Flags(urls, data)], options, errors);
    }

    /// <summary>Reads the options from their sources. Later sources override earlier ones.</summary>
    internal static IReadOnlyList<string> Read(IReadOnlyList<IReadOnlyList<ConfiguredValue>> layers, NyalaOptions options, List<string> errors)
    {
        var values = new Dictionary<string, ConfiguredValue>(StringComparer.OrdinalIgnoreCase);
        foreach (IReadOnlyList<ConfiguredValue> layer in layers)
        {
            AddLayer(layer, values, errors);
        }

        if (errors.Count > 0)
        {
            return errors;
        }

        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Values.Select(value => KeyValuePair.Create(value.Key, value.Value)))
            .Build();
        return OptionsReader.Read(configuration, options, new OptionNames(path => Find(values, path)?.NameOf(path), (path, key) => Find(values, path)?.Spell(key)));
    }

    /// <summary>Returns the environment variables of this process that set options of the server.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Variables() => System.Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value))
        .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal) && !OtherVariables.Contains(variable.Key))
        .OrderBy(variable => variable.Key, StringComparer.Ordinal);

    /// <summary>Converts variables to options: <c>NYALA_DELIVERY__LIFE</c> sets <c>Delivery:Life</c>.</summary>
    private static IReadOnlyList<ConfiguredValue> Named(IEnumerable<KeyValuePair<string, string?>> variables) =>
    [
        .. variables.Select(variable => new ConfiguredValue(
            variable.Key[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal), variable.Value, Environment, variable.Key)),
    ];

    private static IReadOnlyList<ConfiguredValue> Flags(string? urls, string? data) =>
    [
        .. urls is null ? [] : (ConfiguredValue[])[new(nameof(NyalaOptions.Urls), urls, Flag, "--urls")],
        .. data is null ? [] : (ConfiguredValue[])[new(nameof(NyalaOptions.Data), data, Flag, "--data")],
    ];

    /// <summary>
    /// Adds the values of a source. A value replaces everything set before at its key, above it and below it; a list replaces the whole list.
    /// </summary>
    private static void AddLayer(IReadOnlyList<ConfiguredValue> layer, Dictionary<string, ConfiguredValue> values, List<string> errors)
    {
        var own = new Dictionary<string, ConfiguredValue>(StringComparer.OrdinalIgnoreCase);
        foreach (ConfiguredValue value in layer)
        {
            if (value.Key.Split(':').Any(part => part.Length == 0))
            {
                errors.Add($"{value.NameOf(value.Key)} is not an option: it has an empty name.");
            }
            else if (!own.TryAdd(value.Key, value))
            {
                ConfiguredValue other = own[value.Key];
                errors.Add(other.Written == value.Written
                    ? $"{value.NameOf(value.Key)} is set twice. Remove one of them."
                    : $"{other.Written} and {value.NameOf(value.Key)} set the same option. Remove one of them.");
            }
        }

        string[] replaced = [.. values.Keys.Where(key => own.Keys.Any(later => Replaces(later, key)))];
        foreach (string key in replaced)
        {
            values.Remove(key);
        }

        foreach (ConfiguredValue value in own.Values)
        {
            values[value.Key] = value;
        }
    }

    private static bool Replaces(string later, string key) =>
        IsOrBelow(key, later) || IsOrBelow(later, key) || (ListOf(later) is { } list && list.Equals(ListOf(key), StringComparison.OrdinalIgnoreCase));

    private static bool IsOrBelow(string key, string above) =>
        key.StartsWith(above, StringComparison.OrdinalIgnoreCase) && (key.Length == above.Length || key[above.Length] == ':');

    /// <summary>Returns the key of the list that an entry belongs to; null if the key is not the key of a list entry.</summary>
    private static string? ListOf(string key) =>
        key.LastIndexOf(':') is > 0 and var at && int.TryParse(key.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _) ? key[..at] : null;

    private static ConfiguredValue? Find(Dictionary<string, ConfiguredValue> values, string path) =>
        values.GetValueOrDefault(path) ?? values.Values.FirstOrDefault(value => IsOrBelow(value.Key, path));
}

using System.Collections;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Nyala.Server;
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

    private static readonly ConfigurationSource Environment = new(Prefix: Prefix);
    private static readonly ConfigurationSource Flag = new();

    /// <summary>Reads the options.</summary>
    /// <returns>All that is wrong with them; empty if they are good.</returns>
    public static IReadOnlyList<string> Read(
        string? file, string? urls, string? data, IEnumerable<KeyValuePair<string, string?>> variables, NyalaOptions options)
    {
        var errors = new List<string>();
        IReadOnlyList<ConfiguredValue> inFile = ConfigurationFile.Read(file ?? DefaultFile, required: file is not null, errors);
        return Read([inFile, Named(variables), Flags(urls, data)], options, errors);
    }

    /// <summary>Reads the options from their sources; the later ones win.</summary>
    internal static IReadOnlyList<string> Read(IReadOnlyList<IReadOnlyList<ConfiguredValue>> layers, NyalaOptions options, List<string> errors)
    {
        var values = new Dictionary<string, ConfiguredValue>(StringComparer.OrdinalIgnoreCase);
        foreach (IReadOnlyList<ConfiguredValue> layer in layers)
        {
            Lay(layer, values, errors);
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

    /// <summary>The environment of this process, as far as it means a server's options.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Variables() => System.Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value))
        .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal) && !OtherVariables.Contains(variable.Key))
        .OrderBy(variable => variable.Key, StringComparer.Ordinal);

    /// <summary><c>NYALA_DELIVERY__LIFE</c> is <c>Delivery:Life</c>.</summary>
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

    /// <summary>Puts a source's values in the place of those before it. A list, a section or a text replaces the whole of what it means.</summary>
    private static void Lay(IReadOnlyList<ConfiguredValue> layer, Dictionary<string, ConfiguredValue> values, List<string> errors)
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

    /// <summary>The list that a key names an entry of; null if it names none.</summary>
    private static string? ListOf(string key) =>
        key.LastIndexOf(':') is > 0 and var at && int.TryParse(key.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _) ? key[..at] : null;

    private static ConfiguredValue? Find(Dictionary<string, ConfiguredValue> values, string path) =>
        values.GetValueOrDefault(path) ?? values.Values.FirstOrDefault(value => IsOrBelow(value.Key, path));
}

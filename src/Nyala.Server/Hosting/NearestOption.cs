using Nyala.Server.Http;

namespace Nyala.Server.Hosting;

/// <summary>Finds the option that a mistyped key probably means. Pure.</summary>
internal static class NearestOption
{
    private const int MaxSlips = 2;

    /// <summary>The keys of all options.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Below(typeof(NyalaOptions), "")];

    /// <summary>
    /// Returns the key that differs in at most two letters, regardless of the separators between its words (<c>DELIVERY_LIFE</c> is <c>Delivery:Life</c>), or
    /// else the only key with the same last part; null if there is none.
    /// </summary>
    public static string? Of(string key)
    {
        string letters = Letters(key);
        (string Key, int Distance) nearest = All.Select(option => (option, Spelling.Distance(letters, Letters(option)))).MinBy(item => item.Item2);
        if (nearest.Distance <= MaxSlips && nearest.Distance < letters.Length)
        {
            return nearest.Key;
        }

        string last = key[(key.LastIndexOf(':') + 1)..];
        string[] same = [.. All.Where(option => option[(option.LastIndexOf(':') + 1)..].Equals(last, StringComparison.OrdinalIgnoreCase))];
        return same is [var only] ? only : null;
    }

    private static IEnumerable<string> Below(Type type, string path) => type.GetProperties().Where(property => property.CanWrite).SelectMany(property =>
        OptionsReader.IsSection(property.PropertyType) ? Below(property.PropertyType, $"{path}{property.Name}:") : [path + property.Name]);

    private static string Letters(string key) => new([.. key.Where(char.IsLetterOrDigit).Select(char.ToUpperInvariant).Take(200)]);
}

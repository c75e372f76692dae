namespace Nyala.Server.Hosting;

/// <summary>Finds the option that a mistyped key probably means. Pure.</summary>
internal static class NearestOption
{
    private const int MostSlips = 2;

    /// <summary>The keys of all options.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Below(typeof(NyalaOptions), "")];

    /// <summary>
    /// The key that is up to two letters away, whatever is between its words (<c>DELIVERY_LIFE</c> is <c>Delivery:Life</c>), or the only one that
    /// ends so; null if there is none.
    /// </summary>
    public static string? Of(string key)
    {
        string letters = Letters(key);
        (string Key, int Distance) nearest = All.Select(option => (option, Distance(letters, Letters(option)))).MinBy(item => item.Item2);
        if (nearest.Distance <= MostSlips && nearest.Distance < letters.Length)
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

    /// <summary>How many letters have to be put in, taken out or changed to make one text the other.</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int change = corner + (one[i - 1] == other[j - 1] ? 0 : 1);
                corner = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[other.Length];
    }
}

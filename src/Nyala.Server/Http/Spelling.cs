namespace Nyala.Server.Http;

/// <summary>Finds the name that a mistyped word most likely means. Pure.</summary>
internal static class Spelling
{
    /// <summary>Returns the nearest name; null if no name is near.</summary>
    /// <param name="word">The word that was typed.</param>
    /// <param name="names">The valid names.</param>
    public static string? Nearest(string word, IEnumerable<string> names)
    {
        // Up to a third of the word may be wrong. A single letter is too short to guess from.
        int length = word.TrimStart('-').Length;
        int most = length < 2 ? 0 : Math.Max(1, length / 3);
        return names.Where(name => name.StartsWith('-') == word.StartsWith('-') && Math.Abs(name.Length - word.Length) <= most)
            .Select(name => (Name: name, Distance: Distance(word.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(one => one.Distance <= most)
            .OrderBy(one => one.Distance).ThenBy(one => one.Name, StringComparer.Ordinal)
            .Select(one => one.Name)
            .FirstOrDefault();
    }

    /// <summary>Returns how many letters must be changed, added, removed or swapped with the next one to turn one word into the other.</summary>
    public static int Distance(string one, string other)
    {
        int[,] steps = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++)
        {
            steps[i, 0] = i;
        }

        for (int j = 0; j <= other.Length; j++)
        {
            steps[0, j] = j;
        }

        for (int i = 1; i <= one.Length; i++)
        {
            for (int j = 1; j <= other.Length; j++)
            {
                int change = one[i - 1] == other[j - 1] ? 0 : 1;
                int best = Math.Min(Math.Min(steps[i - 1, j] + 1, steps[i, j - 1] + 1), steps[i - 1, j - 1] + change);
                bool swapped = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                steps[i, j] = swapped ? Math.Min(best, steps[i - 2, j - 2] + 1) : best;
            }
        }

        return steps[one.Length, other.Length];
    }
}

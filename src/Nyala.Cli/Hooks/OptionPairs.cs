namespace Nyala.Cli.Hooks;

/// <summary>Options that are pairs of a name and a value.</summary>
internal static class OptionPairs
{
    /// <summary>Returns the pairs by name; null if none were given.</summary>
    /// <exception cref="CommandFailure">A pair is not valid.</exception>
    public static Dictionary<string, string>? Read(string[]? given, char separator, string rule)
    {
        if (given is null or [])
        {
            return null;
        }

        var pairs = new Dictionary<string, string>();
        foreach (string pair in given)
        {
            int end = pair.IndexOf(separator, StringComparison.Ordinal);
            if (end <= 0 || !pairs.TryAdd(pair[..end].Trim(), pair[(end + 1)..].Trim()))
            {
                throw CommandFailure.Usage(rule);
            }
        }

        return pairs;
    }
}

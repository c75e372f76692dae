namespace Nyala.Server.Sites;

/// <summary>Two settings that are the same environment variable: a command would find one of them, and nobody could say which.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="Given">The setting that was given.</param>
/// <param name="Other">The one that is there, or was given as well.</param>
internal sealed record SettingConflict(string Variable, string Given, string Other)
{
    /// <summary>Finds the first among settings that are given; null if there is none. Variables that differ in case alone count as the same. Pure.</summary>
    /// <param name="known">The names of the settings that are there.</param>
    /// <param name="given">The names of those that are given; one that is there takes its place.</param>
    public static SettingConflict? Find(IEnumerable<string> known, IEnumerable<string> given)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string name in known)
        {
            names.TryAdd(SettingName.VariableOf(name), name);
        }

        foreach (string name in given)
        {
            string variable = SettingName.VariableOf(name);
            if (names.TryGetValue(variable, out string? other) && !other.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return new SettingConflict(variable, name, other);
            }

            names[variable] = name;
        }

        return null;
    }
}

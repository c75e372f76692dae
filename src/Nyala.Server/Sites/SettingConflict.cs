namespace Nyala.Server.Sites;

/// <summary>Two settings that become the same environment variable. It would be undefined which of the two a command gets.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="Given">The new setting.</param>
/// <param name="Other">The other setting, which exists or is new too.</param>
internal sealed record SettingConflict(string Variable, string Given, string Other)
{
    /// <summary>Finds the first conflict of a new setting. Returns null if there is none. Variables that differ only in case count as the same. Pure.</summary>
    /// <param name="known">The names of the existing settings.</param>
    /// <param name="given">The names of the new settings. A new setting replaces an existing one of the same name.</param>
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

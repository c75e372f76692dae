namespace Nyala.Cli.Sites.Settings;

/// <summary>Settings as they are written on a command line.</summary>
internal static class SettingArguments
{
    /// <summary>Reads <c>NAME=VALUE</c>; if a name is given twice, the last value counts. Errors never show the value.</summary>
    public static Dictionary<string, string> Read(IReadOnlyList<string> texts)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw CommandFailure.Usage("a setting must be NAME=VALUE, without spaces around the '='.");
            }

            settings[text[..equals]] = text[(equals + 1)..];
        }

        return settings;
    }

    /// <summary>A name that stands in a path; one that would lead elsewhere is wrong usage.</summary>
    public static string ReadName(string name) => name.Length == 0 || name[0] is '.' or '/' || name.Contains('=', StringComparison.Ordinal)
        ? throw CommandFailure.Usage("specify only the name of the setting, without a value.")
        : name;
}

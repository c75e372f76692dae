namespace Nyala.Cli.Sites.Settings;

/// <summary>Parses settings from the command line.</summary>
internal static class SettingArguments
{
    /// <summary>Parses texts of the form <c>NAME=VALUE</c>. If a name is given twice, the last value counts. Errors never show a value.</summary>
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

    /// <summary>Checks a name that becomes part of a URL path. A name that would change the path is wrong usage.</summary>
    public static string ReadName(string name) => name.Length == 0 || name[0] is '.' or '/' || name.Contains('=', StringComparison.Ordinal)
        ? throw CommandFailure.Usage("specify only the name of the setting, without a value.")
        : name;
}

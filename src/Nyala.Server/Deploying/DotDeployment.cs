namespace Nyala.Server.Deploying;

/// <summary>
/// Reads <c>.deployment</c>, by which a repository names its own deploy command, as Kudu does: an INI file with a section
/// <c>[config]</c> and a key <c>command</c> in it.
/// </summary>
internal static class DotDeployment
{
    public const string FileName = ".deployment";

    /// <summary>The command that the text names; null where it names none.</summary>
    public static string? Command(string text)
    {
        bool inside = false;
        string? command = null;
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim(' ', '\t', '\r', '\uFEFF');
            if (line.StartsWith('['))
            {
                inside = line.Equals("[config]", StringComparison.OrdinalIgnoreCase);
            }
            else if (inside
                && line.IndexOf('=', StringComparison.Ordinal) is > 0 and int equals
                && line[..equals].TrimEnd().Equals("command", StringComparison.OrdinalIgnoreCase))
            {
                command = Unquoted(line[(equals + 1)..].Trim());
            }
        }

        return string.IsNullOrEmpty(command) ? null : command;
    }

    private static string Unquoted(string value) =>
        value.Length >= 2 && value[0] == value[^1] && value[0] is '"' or '\'' && value.IndexOf(value[0], 1) == value.Length - 1 ? value[1..^1] : value;
}

namespace Nyala.Server.Deploying.Commands;

/// <summary>
/// The content of a repository's file <c>.deployment</c>, read as Kudu reads it: an INI file with a section <c>[config]</c>, in which <c>command</c> names the
/// deploy command, or <c>project</c> the folder to deploy. Other keys are variables of the command.
/// </summary>
/// <param name="Command">The command; null if none is named.</param>
/// <param name="Project">The folder, relative to the repository's root; null if none is named.</param>
/// <param name="Others">The other keys and their values, as written.</param>
internal sealed record DotDeployment(string? Command, string? Project, IReadOnlyDictionary<string, string> Others)
{
    public const string FileName = ".deployment";

    private const string CommandKey = "command";
    private const string ProjectKey = "project";

    /// <summary>Reads the text of such a file, whatever it contains. A second section <c>[config]</c> replaces the first.</summary>
    public static DotDeployment Read(string text)
    {
        var config = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        bool inside = false;
        foreach (string raw in text.TrimStart('\uFEFF').Split('\n', '\r'))
        {
            string line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (SectionOf(line) is { } section)
            {
                inside = section.Equals("config", StringComparison.OrdinalIgnoreCase);
                if (inside)
                {
                    config.Clear();
                }
            }
            else if (inside && line.IndexOf('=', StringComparison.Ordinal) is > 0 and int equals)
            {
                config[line[..equals].Trim()] = line[(equals + 1)..].Trim();
            }
        }

        string? command = Take(CommandKey);
        string? project = Take(ProjectKey);
        return new DotDeployment(command, project, config);

        string? Take(string key) => config.Remove(key, out string? value) && Unquoted(value).Trim() is { Length: > 0 } given ? given : null;
    }

    private static string? SectionOf(string line) =>
        line is ['[', .., ']'] && line[1..^1].Trim() is { Length: > 0 } name ? name : null;

    private static string Unquoted(string value) =>
        value.Length >= 2 && value[0] == value[^1] && value[0] is '"' or '\'' && value.IndexOf(value[0], 1) == value.Length - 1 ? value[1..^1] : value;
}

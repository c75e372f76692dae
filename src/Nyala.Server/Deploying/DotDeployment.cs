namespace Nyala.Server.Deploying;

/// <summary>
/// What a repository's own file <c>.deployment</c> says, as Kudu has it: an INI file with a section <c>[config]</c>, in which <c>command</c>
/// names the deploy command, or <c>project</c> the folder that is to be deployed.
/// </summary>
/// <param name="Command">The command; null where none is named.</param>
/// <param name="Project">The folder, below the repository's; null where none is named.</param>
internal sealed record DotDeployment(string? Command, string? Project)
{
    public const string FileName = ".deployment";

    /// <summary>Reads the text of one; whatever it may hold.</summary>
    public static DotDeployment Read(string text)
    {
        bool inside = false;
        string? command = null;
        string? project = null;
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim(' ', '\t', '\r', '\uFEFF');
            if (line.StartsWith('['))
            {
                inside = line.Equals("[config]", StringComparison.OrdinalIgnoreCase);
            }
            else if (inside && line.IndexOf('=', StringComparison.Ordinal) is > 0 and int equals)
            {
                string key = line[..equals].TrimEnd();
                string? value = Unquoted(line[(equals + 1)..].Trim()) is { Length: > 0 } given ? given : null;
                command = key.Equals("command", StringComparison.OrdinalIgnoreCase) ? value : command;
                project = key.Equals("project", StringComparison.OrdinalIgnoreCase) ? value : project;
            }
        }

        return new DotDeployment(command, project);
    }

    private static string Unquoted(string value) =>
        value.Length >= 2 && value[0] == value[^1] && value[0] is '"' or '\'' && value.IndexOf(value[0], 1) == value.Length - 1 ? value[1..^1] : value;
}

using Nyala.Server.Http;
using Nyala.Server.Sites;

namespace Nyala.Server.Deploying.Commands;

/// <summary>A folder to deploy, and the setting or file that names it.</summary>
internal sealed record ProjectChoice(string Path, string NamedBy);

/// <summary>How to make a release from a source, according to the site, its settings and the source's <c>.deployment</c>.</summary>
internal sealed record DeployPlan
{
    private const int ShownName = 40;

    /// <summary>The command; null if the files themselves are the release.</summary>
    public string? Command { get; init; }

    /// <summary>Whether the command is the site's own. Such a command may contain secrets, so callers that may only read do not see it.</summary>
    public bool IsSitesCommand { get; init; }

    /// <summary>The folder to deploy if there is no command; null for all files.</summary>
    public ProjectChoice? Project { get; init; }

    /// <summary>The variables of the command that the site's settings or <c>.deployment</c> set.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>How long the command may do nothing; null for no limit.</summary>
    public TimeSpan? IdleLimit { get; init; }

    /// <summary>The warnings for the deployment's log.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Why the deployment fails; null if it may continue.</summary>
    public string? Refusal { get; init; }

    /// <summary>
    /// Decides the plan. As in Kudu, a site's setting wins over <c>.deployment</c>, a setting without a value counts as not set, and a command wins over a
    /// project.
    /// </summary>
    /// <param name="command">The site's command; null if it has none.</param>
    /// <param name="settings">The site's settings, by the names of their variables.</param>
    /// <param name="file">The content of the source's <c>.deployment</c>; null if it has none.</param>
    public static DeployPlan Of(string? command, IReadOnlyDictionary<string, string> settings, DotDeployment? file)
    {
        var warnings = new List<string>();
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        string? refusal = null;
        foreach ((string name, string value) in file?.Others ?? new Dictionary<string, string>())
        {
            refusal ??= Add(name, value);
        }

        foreach ((string name, string value) in settings)
        {
            // Kudu treats names that differ only by case as the same.
            foreach (string same in variables.Keys.Where(same => value.Length > 0 && same.Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray())
            {
                variables.Remove(same);
            }

            if (value.Length > 0 || !variables.ContainsKey(name))
            {
                variables[name] = value;
            }
        }

        string? chosen = command ?? file?.Command;
        ProjectChoice? project = Find(settings, KuduSettings.Project) is { } set ? new ProjectChoice(set, $"The setting {KuduSettings.Project}")
            : file?.Project is { } named ? new ProjectChoice(named, DotDeployment.FileName)
            : null;
        if (file?.Project is { } found && project?.Path == found)
        {
            variables[KuduSettings.Project] = found;
        }

        TimeSpan? idle = ReadIdle(variables, warnings);
        warnings.AddRange(variables.Select(variable => KuduSettings.FindIgnored(variable.Key, variable.Value)?.Warning).OfType<string>());
        if (chosen is null && project is null && file is not null)
        {
            warnings.Add($"{DotDeployment.FileName} names neither a command nor a project under [config], so all files are deployed.");
        }

        return new DeployPlan
        {
            Command = chosen,
            IsSitesCommand = command is not null,
            Project = project,
            Variables = variables,
            IdleLimit = idle,
            Warnings = warnings,
            Refusal = refusal,
        };

        string? Add(string name, string value)
        {
            string shown = TextLimit.Cut(name, ShownName);
            if (SettingName.MeaningOf(name) != SettingMeaning.Own)
            {
                warnings.Add($"{DotDeployment.FileName} sets '{shown}', which has no effect there. Set it on the site with `nyala sites set`.");
                return null;
            }

            string variable = SettingName.VariableOf(name);
            if ((SettingName.Refuses(name) ?? SettingName.Refuses(variable)) is not { } reason)
            {
                variables[variable] = value;
                return null;
            }

            if (!SettingName.IsForm(name))
            {
                // Kudu passes it on, although no shell could read it.
                warnings.Add($"{DotDeployment.FileName} sets '{shown}', which is not a valid variable name. A name must be {SettingName.Rule}.");
                return null;
            }

            return $"{DotDeployment.FileName} must not set {shown}: {reason}. Remove the line from [config].";
        }
    }

    /// <summary>Returns the value of a setting, whatever the case of its name; null if it is not set or is empty.</summary>
    public static string? Find(IReadOnlyDictionary<string, string> variables, string name) =>
        variables.FirstOrDefault(variable => variable.Key.Equals(name, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrWhiteSpace(variable.Value)).Value;

    private static TimeSpan? ReadIdle(IReadOnlyDictionary<string, string> variables, List<string> warnings)
    {
        if (Find(variables, KuduSettings.IdleTimeout) is not { } value)
        {
            return null;
        }

        TimeSpan? limit = KuduSettings.ReadIdleTimeout(value);
        if (limit is null)
        {
            warnings.Add($"The setting {KuduSettings.IdleTimeout} is not a whole number of seconds, so it is ignored.");
        }

        return limit;
    }
}

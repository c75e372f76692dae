using System.Text;

namespace Nyala.Server.Sites;

/// <summary>What a setting of Kudu means in this server.</summary>
internal enum SettingMeaning
{
    /// <summary>Neither the branch nor the command: an ordinary setting, which is passed to the command.</summary>
    Own,

    /// <summary>The setting is the site's branch.</summary>
    Branch,

    /// <summary>The setting is the site's command.</summary>
    Command,
}

/// <summary>The names of a site's settings. They are case-insensitive, as in Kudu.</summary>
internal static class SettingName
{
    public const string DeploymentBranch = "deployment_branch";
    public const string ScmBranch = "SCM_BRANCH";

    /// <summary>Kudu's older name of the branch. If a request sets several names of the branch, this one wins.</summary>
    public const string LegacyBranch = "branch";
    public const string Command = "COMMAND";
    public const string Rule = "1 to 256 letters, digits, '_', '.', ':' or '-', starting with a letter or '_'";

    private const int MaxLength = 256;
    private const string Servers = "the server sets variables with this prefix for each deployment";

    private static readonly (string Prefix, string Reason)[] Protected =
    [
        ("NYALA_", "variables with this prefix are options of the server, and are never passed to a command"),
        ("DEPLOYMENT_", Servers),
        ("SCM_COMMIT_ID", Servers),
        ("SCM_COMMIT_MESSAGE", Servers),
        ("NEXT_MANIFEST_PATH", Servers),
        ("PREVIOUS_MANIFEST_PATH", Servers),
        ("IGNORE_MANIFEST", Servers),
        ("GIT_CEILING_DIRECTORIES", Servers),
    ];

    public static SettingMeaning MeaningOf(string name) =>
        Is(name, DeploymentBranch) || Is(name, ScmBranch) || Is(name, LegacyBranch) ? SettingMeaning.Branch
        : Is(name, Command) ? SettingMeaning.Command
        : SettingMeaning.Own;

    /// <summary>Returns why a setting cannot have this name, in a sentence that does not repeat the name; null if it can.</summary>
    public static string? Refuses(string name)
    {
        if (MeaningOf(name) != SettingMeaning.Own)
        {
            return null;
        }

        if (!IsForm(name))
        {
            return $"a setting name must be {Rule}";
        }

        string variable = VariableOf(name);
        string? meant = MeaningOf(variable) switch
        {
            SettingMeaning.Branch => "the site's branch",
            SettingMeaning.Command => "the site's command",
            _ => null,
        };
        return meant is not null ? $"in the environment it becomes {variable}, which is {meant}. Set {variable} on the site instead" : ReasonOf(variable);
    }

    /// <summary>Whether a name conforms to <see cref="Rule"/>.</summary>
    public static bool IsForm(string name) =>
        name.Length is > 0 and <= MaxLength && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(IsPart);

    /// <summary>Whether a name is <see cref="LegacyBranch"/>.</summary>
    public static bool IsLegacyBranch(string name) => Is(name, LegacyBranch);

    /// <summary>Whether a setting may become this variable of a command. It may not if the variable belongs to the server or the server sets it.</summary>
    public static bool MayBeVariable(string variable) => ReasonOf(variable) is null && MeaningOf(variable) == SettingMeaning.Own;

    /// <summary>
    /// Returns the environment variable of a setting. A shell allows only letters, digits and <c>_</c> in names. As on Azure's Linux machines, <c>:</c>
    /// becomes <c>__</c>, which .NET reads as <c>:</c> again; <c>.</c> and <c>-</c> become <c>_</c>.
    /// </summary>
    public static string VariableOf(string name)
    {
        var variable = new StringBuilder(name.Length + 8);
        foreach (char c in name)
        {
            variable.Append(c switch { ':' => "__", '.' or '-' => "_", _ => c.ToString() });
        }

        return variable.ToString();
    }

    private static string? ReasonOf(string variable) => Protected.FirstOrDefault(taken => variable.StartsWith(taken.Prefix, StringComparison.OrdinalIgnoreCase)).Reason;

    private static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-';

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}

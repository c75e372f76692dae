using System.Text;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>
/// The configuration that a caller chooses for a site when creating or changing it. A field that is not sent stays unchanged; null resets it.
/// </summary>
internal sealed record SiteForm
{
    /// <summary>The names of the fields.</summary>
    public static readonly IReadOnlyList<string> Names = ["branch", "command", "keep", "host"];

    private const int MaxCommand = 4096;
    private const int MaxKeep = 100;

    public Optional<string> Branch { get; init; }

    public Optional<string?> Command { get; init; }

    public Optional<int> Keep { get; init; }

    public Optional<string?> Host { get; init; }

    /// <summary>Reads the choices from the fields. Adds an error to the fields for each choice that is not valid.</summary>
    public static SiteForm Read(JsonFields fields)
    {
        return new SiteForm
        {
            Branch = Take("branch", SiteRecord.DefaultBranch, name => Text(name, RefusesBranch) ?? ""),
            Command = Take<string?>("command", null, name => Text(name, RefusesCommand)),
            Keep = Take("keep", SiteRecord.DefaultKeep, name => fields.Number(name, 1, MaxKeep) ?? 0),
            Host = Take<string?>("host", null, name => Text(name, host => HostForm.IsValid(host) ? null : $"must be {HostForm.Rule}")),
        };

        // If a value cannot be read, that is an error in the fields, and the value that replaces it here is never used.
        Optional<T> Take<T>(string name, T unset, Func<string, T> read) =>
            fields.Has(name) ? new Optional<T>(read(name))
            : fields.IsNull(name) ? new Optional<T>(unset)
            : default;

        string? Text(string name, Func<string, string?> refuses)
        {
            if (fields.Text(name) is { } text && refuses(text) is { } reason)
            {
                fields.Refuse(name, $"'{name}' {reason}.");
                return null;
            }

            return fields.Text(name);
        }
    }

    /// <summary>Returns why a text cannot be the branch, in words that follow the field's name; null if it can.</summary>
    public static string? RefusesBranch(string branch) => BranchName.IsValid(branch) ? null : $"must be {BranchName.Rule}";

    /// <summary>Returns why a text cannot be the command, in words that follow the field's name; null if it can.</summary>
    public static string? RefusesCommand(string command) =>
        string.IsNullOrWhiteSpace(command) ? "is empty. To remove the site's command, send null"
        : command.Contains('\0', StringComparison.Ordinal) ? "contains a NUL character, which a shell cannot process"
        : Encoding.UTF8.GetByteCount(command) > MaxCommand ? $"is longer than {MaxCommand} bytes. Put it into a script, and run the script as the command"
        : null;

    /// <summary>Returns the site with these choices applied.</summary>
    public SiteRecord Apply(SiteRecord site) => site with
    {
        Branch = Branch.Or(site.Branch),
        Command = Command.Or(site.Command),
        Keep = Keep.Or(site.Keep),
        Host = Host.Or(site.Host),
    };

    /// <summary>
    /// Returns the names of the fields that differ, for the audit log; null if none do. Values are left out, because a command may contain secrets.
    /// </summary>
    public static string? Changed(SiteRecord before, SiteRecord after)
    {
        (string Name, bool Changed)[] fields =
        [
            ("branch", before.Branch != after.Branch), ("command", before.Command != after.Command), ("keep", before.Keep != after.Keep), ("host", before.Host != after.Host),
        ];
        string changed = string.Join(' ', fields.Where(field => field.Changed).Select(field => field.Name));
        return changed.Length > 0 ? changed : null;
    }
}

using Nyala.Server.Audit;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>
/// Reads and changes the settings of sites, which are encrypted at rest. Kudu's names for the branch and the command stand for the site's branch and command;
/// they are not separate settings.
/// </summary>
internal sealed class SiteSettings(IStore store, SecretBox secrets, AuditLog audit)
{
    public const int MaxCount = 500;

    /// <summary>Reads a site's settings as the environment variables of its command, see <see cref="SettingName.VariableOf"/>.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(string site, CancellationToken cancellationToken) =>
        VariablesOf(Open(await store.ReadAsync(tables => tables.Sites.Settings(site), cancellationToken)).Where(IsOwn));

    /// <summary>Reads every setting of a site, by name. Returns null if the site does not exist.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> ListAsync(string site, CancellationToken cancellationToken)
    {
        (SiteRecord? record, IReadOnlyList<SiteSetting> own) = await store.ReadAsync(
            tables => (tables.Sites.Find(site), tables.Sites.Settings(site)), cancellationToken);
        if (record is null)
        {
            return null;
        }

        var settings = new SortedDictionary<string, string>(Open(own).Where(IsOwn).ToDictionary(one => one.Name, one => one.Value), StringComparer.OrdinalIgnoreCase)
        {
            [SettingName.DeploymentBranch] = record.Branch,
            [SettingName.ScmBranch] = record.Branch,
        };
        if (record.Command is { } command)
        {
            settings[SettingName.Command] = command;
        }

        return settings;
    }

    /// <summary>Reads the value of one setting. Returns whether the site exists, and the value; null if the site does not have the setting.</summary>
    public async Task<(bool SiteExists, string? Value)> FindAsync(string site, string name, CancellationToken cancellationToken)
    {
        (SiteRecord? record, SiteSetting? setting) = await store.ReadAsync(
            tables => (tables.Sites.Find(site), tables.Sites.Setting(site, name)), cancellationToken);
        string? value = SettingName.MeaningOf(name) switch
        {
            SettingMeaning.Branch => record?.Branch,
            SettingMeaning.Command => record?.Command,
            _ => setting is null ? null : secrets.Decrypt(setting.Value),
        };
        return (record is not null, value);
    }

    /// <summary>Sets all settings, or none.</summary>
    /// <returns>The outcome, and the conflict if two settings would become the same variable.</returns>
    public Task<(SettingOutcome Outcome, SettingConflict? Conflict)> SetAsync(string site, IReadOnlyList<(string Name, string Value)> settings, Actor actor)
    {
        // Encrypted before the write begins, because a write transaction must be short.
        List<SiteSetting> own = [.. settings.Where(IsOwn).Select(setting => new SiteSetting(setting.Name, secrets.Encrypt(setting.Value)))];
        return store.WriteAsync<(SettingOutcome, SettingConflict?)>(tables =>
        {
            if (tables.Sites.Find(site) is not { } record)
            {
                return (SettingOutcome.NoSuchSite, null);
            }

            if (SettingConflict.Find(tables.Sites.Settings(site).Select(setting => setting.Name), own.Select(setting => setting.Name)) is { } conflict)
            {
                return (SettingOutcome.SameVariable, conflict);
            }

            int fresh = own.Select(setting => setting.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count(name => tables.Sites.Setting(site, name) is null);
            if (tables.Sites.CountSettings(site) + fresh > MaxCount)
            {
                return (SettingOutcome.TooMany, null);
            }

            own.ForEach(setting => tables.Sites.SetSetting(record.Name, setting));
            if (settings.Any(setting => !IsOwn(setting)))
            {
                tables.Sites.Update(settings.OrderBy(setting => SettingName.IsLegacyBranch(setting.Name)).Aggregate(record, Apply));
            }

            if (settings.Count > 0)
            {
                Note(tables, record, actor, ("set", string.Join(' ', settings.Select(setting => setting.Name))));
            }

            return (SettingOutcome.Done, null);
        });
    }

    /// <summary>Removes a setting if it exists.</summary>
    public Task<SettingOutcome> RemoveAsync(string site, string name, Actor actor) => store.WriteAsync(tables =>
    {
        if (tables.Sites.Find(site) is not { } record)
        {
            return SettingOutcome.NoSuchSite;
        }

        SiteRecord bare = SettingName.MeaningOf(name) switch
        {
            SettingMeaning.Branch => record with { Branch = SiteRecord.DefaultBranch },
            SettingMeaning.Command => record with { Command = null },
            _ => record,
        };
        if (bare != record ? tables.Sites.Update(bare) : tables.Sites.RemoveSetting(site, name))
        {
            Note(tables, record, actor, ("removed", name));
        }

        return SettingOutcome.Done;
    });

    /// <summary>
    /// Converts settings to environment variables. If two settings become the same variable, which older servers allowed, the one whose name is the variable's
    /// name wins. Settings with protected names, which older servers accepted, are left out.
    /// </summary>
    internal static IReadOnlyDictionary<string, string> VariablesOf(IEnumerable<(string Name, string Value)> settings)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        IEnumerable<(string Name, string Value)> taken = settings.Where(setting => SettingName.MayBeVariable(SettingName.VariableOf(setting.Name)));
        foreach ((string name, string value) in taken.OrderBy(setting => setting.Name == SettingName.VariableOf(setting.Name)))
        {
            variables[SettingName.VariableOf(name)] = value;
        }

        return variables;
    }

    private static bool IsOwn((string Name, string Value) setting) => SettingName.MeaningOf(setting.Name) == SettingMeaning.Own;

    private static SiteRecord Apply(SiteRecord site, (string Name, string Value) setting) => SettingName.MeaningOf(setting.Name) switch
    {
        SettingMeaning.Branch => site with { Branch = setting.Value },
        SettingMeaning.Command => site with { Command = string.IsNullOrWhiteSpace(setting.Value) ? null : setting.Value },
        _ => site,
    };

    private IEnumerable<(string Name, string Value)> Open(IEnumerable<SiteSetting> settings) =>
        settings.Select(setting => (setting.Name, secrets.Decrypt(setting.Value)));

    private void Note(ITables tables, SiteRecord site, Actor actor, params (string Name, string? Value)[] details) =>
        audit.Note(tables, actor, AuditActions.SiteSettingsChanged, site.Name, site.Name, details);
}

using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>A site's settings, as its command finds them in its environment.</summary>
internal sealed class SiteSettings(IStore store, SecretBox secrets)
{
    /// <summary>The environment variables that the site's settings are; see <see cref="SettingName.VariableOf"/>.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(string site, CancellationToken cancellationToken)
    {
        IReadOnlyList<SiteSetting> settings = await store.ReadAsync(tables => tables.Sites.Settings(site), cancellationToken);
        return VariablesOf(settings.Select(setting => (setting.Name, secrets.Open(setting.Value))));
    }

    /// <summary>Where two settings are the same variable, the one that has its very name is it.</summary>
    internal static IReadOnlyDictionary<string, string> VariablesOf(IEnumerable<(string Name, string Value)> settings)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in settings.OrderBy(setting => setting.Name == SettingName.VariableOf(setting.Name)))
        {
            variables[SettingName.VariableOf(name)] = value;
        }

        return variables;
    }
}

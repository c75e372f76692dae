using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    /// <summary>Creates a site. Needs the scope <c>admin</c>. Throws with 409 if the site was already created.</summary>
    public Task<Site> CreateSiteAsync(SiteRequest site, CancellationToken cancellationToken = default) =>
        Root.ReadAsync(HttpMethod.Post, "sites", Json(site, NyalaJson.Wire.SiteRequest), NyalaJson.Wire.Site, cancellationToken);

    /// <summary>Lists the sites, sorted by name: all of them, or only the site of the token.</summary>
    public Task<IReadOnlyList<Site>> ListSitesAsync(CancellationToken cancellationToken = default) =>
        Root.ReadAsync(HttpMethod.Get, "sites", null, NyalaJson.Wire.IReadOnlyListSite, cancellationToken);

    /// <summary>Reads a site.</summary>
    public Task<Site> GetSiteAsync(string name, CancellationToken cancellationToken = default) =>
        Root.ReadAsync(HttpMethod.Get, SitePath(name), null, NyalaJson.Wire.Site, cancellationToken);

    /// <summary>Changes a site. The change applies from its next deployment. Needs the scope <c>admin</c>.</summary>
    public Task<Site> ChangeSiteAsync(string name, SiteChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        JsonObject fields = JsonSerializer.SerializeToNode(change, NyalaJson.Wire.SiteChange)!.AsObject();
        foreach (string field in change.Reset)
        {
            fields[field] = null;
        }

        var content = new StringContent(fields.ToJsonString(), Encoding.UTF8, "application/json");
        return Root.ReadAsync(HttpMethod.Patch, SitePath(name), content, NyalaJson.Wire.Site, cancellationToken);
    }

    /// <summary>
    /// Removes a site with its repository, releases and settings. Its deployments stay in the history. Needs the scope <c>admin</c>. Throws with 409 if it is
    /// the default site, if it has hooks, or while a deployment is in progress at it.
    /// </summary>
    public async Task RemoveSiteAsync(string name, CancellationToken cancellationToken = default) =>
        (await Root.SendAsync(HttpMethod.Delete, SitePath(name), null, cancellationToken).ConfigureAwait(false)).Dispose();

    /// <summary>
    /// Reads the settings of this client's site, or of the default site at the root. They are environment variables of the deploy command, except that
    /// <c>SCM_BRANCH</c> and <c>deployment_branch</c> are the site's branch, and <c>COMMAND</c> is its command. Needs the scope <c>deploy</c>.
    /// </summary>
    public Task<IReadOnlyDictionary<string, string>> GetSettingsAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Get, "settings", null, NyalaJson.Wire.IReadOnlyDictionaryStringString, cancellationToken);

    /// <summary>Reads a setting. Names are case-insensitive. Throws with 404 if the setting does not exist. Needs the scope <c>deploy</c>.</summary>
    public Task<string> GetSettingAsync(string name, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Get, SettingPath(name), null, NyalaJson.Wire.String, cancellationToken);

    /// <summary>Sets settings. If one is refused, none is set. Needs the scope <c>deploy</c>.</summary>
    public async Task SetSettingsAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);

        // On the wire, these two together mean one setting, as in Kudu, so they are sent one after the other.
        if (settings.Count == 2 && settings.TryGetValue("key", out string? key) && settings.TryGetValue("value", out string? value))
        {
            await PostSettingsAsync(new Dictionary<string, string> { ["key"] = key }, cancellationToken).ConfigureAwait(false);
            await PostSettingsAsync(new Dictionary<string, string> { ["value"] = value }, cancellationToken).ConfigureAwait(false);
            return;
        }

        await PostSettingsAsync(settings, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a setting. It is not an error if the setting does not exist. Needs the scope <c>deploy</c>.</summary>
    public async Task RemoveSettingAsync(string name, CancellationToken cancellationToken = default) =>
        (await SendAsync(HttpMethod.Delete, SettingPath(name), null, cancellationToken).ConfigureAwait(false)).Dispose();

    private async Task PostSettingsAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, "settings", Json(settings, NyalaJson.Wire.IReadOnlyDictionaryStringString), cancellationToken).ConfigureAwait(false)).Dispose();

    private static string SitePath(string name) => $"sites/{Uri.EscapeDataString(name)}";

    private static string SettingPath(string name) => $"settings/{Uri.EscapeDataString(name)}";
}

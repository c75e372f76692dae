using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    /// <summary>Creates a site. Needs the scope <c>admin</c>. Throws with 409 if somebody has created it before.</summary>
    public Task<Site> CreateSiteAsync(SiteRequest site, CancellationToken cancellationToken = default) =>
        Root.ReadAsync(HttpMethod.Post, "sites", Json(site, NyalaJson.Wire.SiteRequest), NyalaJson.Wire.Site, cancellationToken);

    /// <summary>Lists the sites by name: all, or the one of the token.</summary>
    public Task<IReadOnlyList<Site>> ListSitesAsync(CancellationToken cancellationToken = default) =>
        Root.ReadAsync(HttpMethod.Get, "sites", null, NyalaJson.Wire.IReadOnlyListSite, cancellationToken);

    /// <summary>Reads a site.</summary>
    public Task<Site> GetSiteAsync(string name, CancellationToken cancellationToken = default) =>
        Root.ReadAsync(HttpMethod.Get, SitePath(name), null, NyalaJson.Wire.Site, cancellationToken);

    /// <summary>Changes a site, from its next deployment on. Needs the scope <c>admin</c>.</summary>
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
    /// Removes a site with its repository, releases and settings; its deployments stay in the history. Needs the scope <c>admin</c>. Throws
    /// with 409 for the default site, if hooks are subscribed at the site, and while a deployment is in progress there.
    /// </summary>
    public async Task RemoveSiteAsync(string name, CancellationToken cancellationToken = default) =>
        (await Root.SendAsync(HttpMethod.Delete, SitePath(name), null, cancellationToken).ConfigureAwait(false)).Dispose();

    /// <summary>
    /// Reads the settings of this client's site (at the root, of the default site), which are environment variables of its deploy command;
    /// <c>SCM_BRANCH</c>, <c>deployment_branch</c> and <c>COMMAND</c> are the site's branch and command. Needs the scope <c>deploy</c>.
    /// </summary>
    public Task<IReadOnlyDictionary<string, string>> GetSettingsAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Get, "settings", null, NyalaJson.Wire.IReadOnlyDictionaryStringString, cancellationToken);

    /// <summary>Reads a setting; names are case-insensitive. Throws with 404 if there is none. Needs the scope <c>deploy</c>.</summary>
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

    /// <summary>Removes a setting. It is no error if there is none. Needs the scope <c>deploy</c>.</summary>
    public async Task RemoveSettingAsync(string name, CancellationToken cancellationToken = default) =>
        (await SendAsync(HttpMethod.Delete, SettingPath(name), null, cancellationToken).ConfigureAwait(false)).Dispose();

    private async Task PostSettingsAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, "settings", Json(settings, NyalaJson.Wire.IReadOnlyDictionaryStringString), cancellationToken).ConfigureAwait(false)).Dispose();

    private static string SitePath(string name) => $"sites/{Uri.EscapeDataString(name)}";

    private static string SettingPath(string name) => $"settings/{Uri.EscapeDataString(name)}";
}

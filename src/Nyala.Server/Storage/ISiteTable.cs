namespace Nyala.Server.Storage;

/// <summary>
/// The sites and their settings. A site exists once a hook or a deployment names it, or someone creates it. Names are unique without regard to case.
/// </summary>
internal interface ISiteTable
{
    /// <summary>Creates the site if it does not exist, and returns its name as it was first written.</summary>
    string Touch(string name, DateTimeOffset now);

    /// <summary>Returns the site; null if it does not exist.</summary>
    SiteRecord? Find(string name);

    /// <summary>Lists at most <paramref name="limit"/> sites whose names come after <paramref name="after"/>, by name.</summary>
    IReadOnlyList<SiteRecord> List(string after, int limit);

    void Insert(SiteRecord site);

    /// <summary>Writes everything except the name and the creation time; false if the site does not exist.</summary>
    bool Update(SiteRecord site);

    /// <summary>
    /// Removes the site with its settings, its idempotency keys, its accepted push hooks and its fetched tips; false if it does not exist. Its deployments stay
    /// recorded, and none of them is active any more.
    /// </summary>
    bool Remove(string name);

    /// <summary>Lists the settings of the site, by name.</summary>
    IReadOnlyList<SiteSetting> Settings(string site);

    /// <summary>Returns one setting; null if the site does not have it.</summary>
    SiteSetting? Setting(string site, string name);

    int CountSettings(string site);

    /// <summary>Sets a setting, replacing one whose name differs only in case.</summary>
    void SetSetting(string site, SiteSetting setting);

    /// <summary>Removes the setting; false if the site does not have it.</summary>
    bool RemoveSetting(string site, string name);
}

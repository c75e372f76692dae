namespace Nyala.Server.Storage;

/// <summary>The sites that a hook or a deployment has named, or somebody set up, with their settings. Names differ by more than case.</summary>
internal interface ISiteTable
{
    /// <summary>Makes the site if it is new, and returns its name as it was first written.</summary>
    string Touch(string name, DateTimeOffset now);

    /// <summary>The site; null if there is none.</summary>
    SiteRecord? Find(string name);

    /// <summary>The sites whose names come after <paramref name="after"/>, by name; at most <paramref name="limit"/>.</summary>
    IReadOnlyList<SiteRecord> List(string after, int limit);

    void Insert(SiteRecord site);

    /// <summary>Writes everything but the name and when it was created; false if there is no such site.</summary>
    bool Update(SiteRecord site);

    /// <summary>
    /// Removes the site with its settings, its publishes that named themselves and the pushes that it heard of; false if there is none. Its deployments stay in the record, and none
    /// of them is active any more.
    /// </summary>
    bool Remove(string name);

    /// <summary>The settings of the site, by name.</summary>
    IReadOnlyList<SiteSetting> Settings(string site);

    /// <summary>One setting; null if the site does not have it.</summary>
    SiteSetting? Setting(string site, string name);

    int CountSettings(string site);

    /// <summary>Sets the setting, in place of the one with this name in whatever case.</summary>
    void SetSetting(string site, SiteSetting setting);

    /// <summary>Removes the setting; false if the site does not have it.</summary>
    bool RemoveSetting(string site, string name);
}

namespace Nyala.Server.Sites;

/// <summary>The outcome of a change of settings.</summary>
internal enum SettingOutcome
{
    Done,
    NoSuchSite,

    /// <summary>The site would have more than <see cref="SiteSettings.MaxCount"/> settings. Nothing was changed.</summary>
    TooMany,

    /// <summary>Two settings would become the same environment variable. Nothing was changed.</summary>
    SameVariable,
}

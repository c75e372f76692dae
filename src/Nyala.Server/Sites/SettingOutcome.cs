namespace Nyala.Server.Sites;

/// <summary>What became of a change of settings.</summary>
internal enum SettingOutcome
{
    Done,
    NoSuchSite,

    /// <summary>The site would have more than <see cref="SiteSettings.MaxCount"/>; nothing was changed.</summary>
    TooMany,

    /// <summary>Two settings would be the same environment variable; nothing was changed.</summary>
    SameVariable,
}

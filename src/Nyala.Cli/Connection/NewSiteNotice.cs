namespace Nyala.Cli.Connection;

/// <summary>What is said once a site has come into being because a verb named it: a mistyped name makes one too.</summary>
internal static class NewSiteNotice
{
    public static string Text(string site) => $"this created the new site '{site}'. If that is a typo, run \"nyala sites remove {site} --yes\".";
}

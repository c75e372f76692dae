namespace Nyala.Cli.Connection;

/// <summary>The notice that a verb has created a site by naming it. A typo in the name creates one too.</summary>
internal static class NewSiteNotice
{
    public static string Text(string site) => $"this created the new site '{site}'. If that is a typo, run \"nyala sites remove {site} --yes\".";
}

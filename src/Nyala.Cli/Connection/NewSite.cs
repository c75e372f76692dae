namespace Nyala.Cli.Connection;

/// <summary>What is said once a site has come into being because a verb named it: a mistyped name makes one too.</summary>
internal static class NewSite
{
    public static string Text(string site) => $"the site '{site}' is new: nobody had named it before. If that is a slip, \"nyala sites remove {site} --yes\" takes it back.";
}

using System.Globalization;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Sites;

/// <summary>Formats sites for people.</summary>
internal static class SiteView
{
    public static readonly DetailView<Site> Detail = new(NyalaJson.Wire.Site, Print);

    public static readonly IReadOnlyList<string> Columns = ["SITE", "BRANCH", "CURRENT", "COMMAND", "GIT URL"];

    public static IReadOnlyList<string?> Row(Site site) => [site.Name, site.Branch, site.Current, site.Command, site.GitUrl];

    public static void Print(CommandEnvironment environment, Site site) => Tables.PrintFields(
        environment,
        [
            ("site", site.Name),
            ("branch", site.Branch),
            ("command", site.Command ?? "(from .deployment, if there is one)"),
            ("keep", site.Keep.ToString(CultureInfo.InvariantCulture) + (site.Keep == 1 ? " release" : " releases")),
            ("host", site.Host),
            ("current", site.Current ?? "(nothing deployed yet)"),
            ("git url", site.GitUrl),
            ("created", Display.Time(site.Created)),
        ]);
}

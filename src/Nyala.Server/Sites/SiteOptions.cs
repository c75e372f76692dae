namespace Nyala.Server.Sites;

/// <summary>Options of the section <c>Sites</c>.</summary>
internal sealed class SiteOptions
{
    /// <summary>
    /// The site that deployments at the server's root belong to. A site name; default <c>default</c>. To change it later
    /// moves nothing: what was recorded stays with the old one.
    /// </summary>
    public string Default { get; set; } = "default";

    /// <summary>
    /// The host name that events carry as <c>hostName</c>; <c>{site}</c> in it stands for the site's name. Default: empty,
    /// which gives the host of <c>PublicUrl</c> if that is set, else this machine's name.
    /// </summary>
    public string HostName { get; set; } = "";

    public IEnumerable<string> Validate()
    {
        if (!SiteName.IsValid(Default))
        {
            yield return $"Sites:Default is '{Default}': it must be a site name ({SiteName.Rule}).";
        }
    }
}

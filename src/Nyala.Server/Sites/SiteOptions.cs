namespace Nyala.Server.Sites;

/// <summary>Options of the section <c>Sites</c>.</summary>
internal sealed class SiteOptions
{
    /// <summary>
    /// The name of the site that deployments at the server's root belong to. Default <c>default</c>. Changing it later does not move existing records; they
    /// stay with the old site.
    /// </summary>
    public string Default { get; set; } = "default";

    /// <summary>
    /// The host name that events contain as <c>hostName</c>; <c>{site}</c> is replaced by the site's name. Default: empty, which means the host of
    /// <c>PublicUrl</c> if that is set, or else this machine's name.
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

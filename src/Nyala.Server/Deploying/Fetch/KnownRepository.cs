using Nyala.Server.Sites;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// The repository that a site names in its setting <c>REPOSITORY_URL</c>, with the credentials to fetch it: the URLs that pushes of a private repository report
/// have none. They are used for that repository only, so that callers with the scope to deploy cannot fetch another one with them.
/// </summary>
internal sealed class KnownRepository(SiteSettings settings)
{
    public const string Setting = "REPOSITORY_URL";

    /// <summary>Returns the URL, with the site's credentials if it has none and names the repository that they are for.</summary>
    public async Task<RepositoryUrl> CompleteAsync(string site, RepositoryUrl url, CancellationToken cancellationToken) =>
        url.UserInfo is null
        && (await settings.FindAsync(site, Setting, cancellationToken)).Value is { } value
        && RepositoryUrl.Parse(value, out _) is { } known
            ? Complete(url, known)
            : url;

    /// <summary>Returns one URL with the credentials of another, if both name the same repository.</summary>
    public static RepositoryUrl Complete(RepositoryUrl url, RepositoryUrl known) => url.UserInfo is null && Place(url) == Place(known) ? url with { UserInfo = known.UserInfo } : url;

    /// <summary>Returns scheme, host, port and path, without <c>.git</c>, which hosts may or may not add.</summary>
    private static string Place(RepositoryUrl url)
    {
        string text = url.Url.AbsoluteUri.TrimEnd('/');
        return text.EndsWith(".git", StringComparison.Ordinal) ? text[..^".git".Length] : text;
    }
}

using Nyala.Server.Sites;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>
/// The repository that a site names in its setting <c>REPOSITORY_URL</c>, with the credentials to fetch it by: what pushes of a private
/// repository report has none. They are used for that repository alone, so that nobody who may deploy has another fetched with them.
/// </summary>
internal sealed class KnownRepository(SiteSettings settings)
{
    public const string Setting = "REPOSITORY_URL";

    /// <summary>The URL, with the site's credentials if it has none itself and is of the repository that they are for.</summary>
    public async Task<RepositoryUrl> CompleteAsync(string site, RepositoryUrl url, CancellationToken cancellationToken) =>
        url.UserInfo is null
        && (await settings.FindAsync(site, Setting, cancellationToken)).Value is { } value
        && RepositoryUrl.Parse(value, out _) is { } known
            ? Complete(url, known)
            : url;

    /// <summary>One URL with the credentials of another, where both are of one repository.</summary>
    public static RepositoryUrl Complete(RepositoryUrl url, RepositoryUrl known) => url.UserInfo is null && Place(url) == Place(known) ? url with { UserInfo = known.UserInfo } : url;

    /// <summary>Scheme, host, port and path; the hosts add <c>.git</c> or do not.</summary>
    private static string Place(RepositoryUrl url)
    {
        string text = url.Url.AbsoluteUri.TrimEnd('/');
        return text.EndsWith(".git", StringComparison.Ordinal) ? text[..^".git".Length] : text;
    }
}

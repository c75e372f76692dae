using Nyala.Server.Deploying.Git;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>The files of a commit that is first fetched into the site's repository.</summary>
/// <param name="parts">The services that fetch.</param>
/// <param name="repository">The site's repository.</param>
/// <param name="url">The repository that the commit is fetched from.</param>
/// <param name="target">The commit to fetch.</param>
/// <param name="route">The route to that repository, if it is known already; null to find one.</param>
internal sealed class FetchSource(FetchServices parts, BareRepository repository, RepositoryUrl url, FetchTarget target, FetchRoute? route) : ISource
{
    private GitSource? _files;

    /// <summary>The site whose branch was found to be at the commit; null if the commit was requested by its id.</summary>
    public string? TipOf { get; init; }

    public Commit? Found { get; private set; }

    public CheckedOutCommit? CheckedOut => _files?.CheckedOut;

    public string Kind => "fetch";

    public bool TakesSpare => true;

    public async Task<string?> FillAsync(string folder, RunOutput output, CancellationToken cancellationToken)
    {
        await output.WriteAsync($"Fetching {target} from {url}.");
        (FetchRoute? way, string reason) = route is null ? await parts.Routes.FindAsync(url, cancellationToken) : (route, "");
        if (way is null)
        {
            return reason;
        }

        Fetched fetched = await parts.Fetcher.FetchAsync(way, repository, target, line => output.WriteAsync(line), cancellationToken);
        if (fetched.Commit is not { } commit)
        {
            return fetched.Reason;
        }

        Found = commit;
        if (TipOf is { } site)
        {
            await parts.Branches.RecordTipAsync(site, target.Branch, commit.Id, output);
        }

        _files = new GitSource(repository, commit.Id);
        return await _files.FillAsync(folder, output, cancellationToken);
    }

    public Task CopyHistoryAsync(string folder, string to, string? branch, CancellationToken cancellationToken) =>
        _files?.CopyHistoryAsync(folder, to, branch, cancellationToken) ?? Task.CompletedTask;
}

/// <summary>The services that fetch: they find the route, run git, and keep track of branches.</summary>
internal sealed record FetchServices(RouteFinder Routes, RepositoryFetcher Fetcher, FetchedBranches Branches);

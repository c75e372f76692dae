using Nyala.Server.Deploying.Git;

namespace Nyala.Server.Deploying.Fetch;

/// <summary>The files of a commit that is fetched first, into the site's repository.</summary>
/// <param name="parts">What fetches it.</param>
/// <param name="repository">The site's repository.</param>
/// <param name="url">Where the commit is.</param>
/// <param name="target">Which it is.</param>
/// <param name="route">The way there, if it is known already; null to find one.</param>
internal sealed class FetchSource(FetchParts parts, BareRepository repository, RepositoryUrl url, FetchTarget target, FetchRoute? route) : ISource
{
    private GitSource? _files;

    /// <summary>The site whose branch was found at the commit; null if the commit was asked for by its id.</summary>
    public string? TipOf { get; init; }

    public Commit? Found { get; private set; }

    public CheckOut? CheckedOut => _files?.CheckedOut;

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
            await parts.Branches.RememberAsync(site, target.Branch, commit.Id, output);
        }

        _files = new GitSource(repository, commit.Id);
        return await _files.FillAsync(folder, output, cancellationToken);
    }

    public Task CopyHistoryAsync(string folder, string to, string? branch, CancellationToken cancellationToken) =>
        _files?.CopyHistoryAsync(folder, to, branch, cancellationToken) ?? Task.CompletedTask;
}

/// <summary>What fetches: the way, and what goes it.</summary>
internal sealed record FetchParts(RouteFinder Routes, RepositoryFetcher Fetcher, FetchedBranches Branches);

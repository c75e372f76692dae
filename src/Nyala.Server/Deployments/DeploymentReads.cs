using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>Reads deployments and their runs. A caller at a site sees that site's; at the root (null), every one.</summary>
internal sealed class DeploymentReads(IStore store, NyalaOptions options)
{
    /// <summary>At a site that site's; at the root the default site's, else that of the only site which has the id.</summary>
    public Task<RunRecord?> FindAsync(string? site, string id, CancellationToken cancellationToken) =>
        store.ReadAsync(tables => Find(tables, site, id), cancellationToken);

    /// <summary>Finds a run of a deployment.</summary>
    /// <param name="site">The site in the path; null at the root.</param>
    /// <param name="id">The deployment.</param>
    /// <param name="run">The run's number, as the caller wrote it; null for the newest.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<FoundRun> FindRunAsync(string? site, string id, string? run, CancellationToken cancellationToken)
    {
        if (run is null)
        {
            return new FoundRun(await FindAsync(site, id, cancellationToken), IsNamed: false, DeploymentEndpoints.NotFound(id));
        }

        bool isNumber = int.TryParse(run, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        (RunRecord? newest, RunRecord? found) = await store.ReadAsync(
            tables => Find(tables, site, id) is { } latest ? (latest, isNumber ? tables.Runs.FindByNumber(latest.Site, latest.Deployment, number) : null) : (null, null),
            cancellationToken);
        return new FoundRun(found, IsNamed: true, newest is null ? DeploymentEndpoints.NotFound(id) : NoSuchRun(newest, run));
    }

    /// <summary>Lists deployments by their newest run, or every run, newest first.</summary>
    /// <param name="site">The site in the path; null at the root.</param>
    /// <param name="every">Whether every run is listed.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="before">Only runs received before this time.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public Task<IReadOnlyList<RunRecord>> ListAsync(string? site, bool every, int limit, DateTimeOffset before, CancellationToken cancellationToken) =>
        store.SearchAsync(tables => every ? tables.Runs.ListEvery(site, limit, before) : tables.Runs.List(site, limit, before), cancellationToken);

    /// <summary>Lists the runs of a deployment, newest first; null if it is not there.</summary>
    public Task<Page<RunRecord>?> RunsAsync(string? site, string id, Paging page, CancellationToken cancellationToken) => store.SearchAsync(
        tables => Find(tables, site, id) is { } newest
            ? Page<RunRecord>.Of(tables.Runs.RunsOf(newest.Site, newest.Deployment, page.Before, page.Limit + 1), page.Limit, run => run.Number)
            : null,
        cancellationToken);

    /// <summary>Finds the deployment in progress, else the one that ended last. A caller that names its deployer and a time is not shown later deployments of others.</summary>
    public Task<RunRecord?> LatestAsync(string? site, string? deployer, DateTimeOffset since, CancellationToken cancellationToken) => store.ReadAsync(
        tables => (deployer is null ? null : tables.Runs.FirstSince(site, deployer, since)) ?? tables.Runs.Latest(site), cancellationToken);

    private RunRecord? Find(ITables tables, string? site, string id)
    {
        if (site is not null)
        {
            return tables.Runs.FindLatest(site, id);
        }

        return tables.Runs.FindLatest(options.Sites.Default, id)
            ?? (tables.Runs.FindAnywhere(id) is [RunRecord only] ? only : null);
    }

    private static JsonHttpResult<KuduMessage> NoSuchRun(RunRecord newest, string run) => Refusal.Kudu(
        StatusCodes.Status404NotFound,
        newest.Number == 1
            ? $"Deployment '{newest.Deployment}' has no run '{TextLimit.Cut(run, 40)}': it has run 1 alone."
            : $"Deployment '{newest.Deployment}' has no run '{TextLimit.Cut(run, 40)}': it has the runs 1 to {newest.Number}.");
}

/// <summary>A run that was looked for.</summary>
/// <param name="Run">It; null if it is not there.</param>
/// <param name="IsNamed">Whether the caller named it by its number: then its links do so, too.</param>
/// <param name="Refusal">The answer if it is not there.</param>
internal readonly record struct FoundRun(RunRecord? Run, bool IsNamed, IResult Refusal);

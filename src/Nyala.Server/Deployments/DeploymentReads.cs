using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>Reads deployments and their runs. A caller at a site sees only that site's deployments; at the root (null), every deployment.</summary>
internal sealed class DeploymentReads(IStore store, NyalaOptions options)
{
    /// <summary>Finds a deployment's newest run: at a site, of that site; at the root, of the default site, or else of the only site that has the id.</summary>
    public Task<RunRecord?> FindAsync(string? site, string id, CancellationToken cancellationToken) =>
        store.ReadAsync(tables => Find(tables, site, id), cancellationToken);

    /// <summary>Finds a run of a deployment.</summary>
    /// <param name="site">The site in the path; null at the root.</param>
    /// <param name="id">The deployment's id.</param>
    /// <param name="run">The run's number, as the caller wrote it; null for the newest run.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
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

    /// <summary>Lists the newest run of each deployment, or every run; newest first.</summary>
    /// <param name="site">The site in the path; null at the root.</param>
    /// <param name="every">Whether to list every run.</param>
    /// <param name="limit">The maximum number of runs.</param>
    /// <param name="before">Only runs received before this time.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public Task<IReadOnlyList<RunRecord>> ListAsync(string? site, bool every, int limit, DateTimeOffset before, CancellationToken cancellationToken) =>
        store.SearchAsync(tables => every ? tables.Runs.ListEvery(site, limit, before) : tables.Runs.List(site, limit, before), cancellationToken);

    /// <summary>Lists the runs of a deployment, newest first. Returns null if it does not exist.</summary>
    public Task<Page<RunRecord>?> RunsAsync(string? site, string id, Paging page, CancellationToken cancellationToken) => store.SearchAsync(
        tables => Find(tables, site, id) is { } newest
            ? Page<RunRecord>.Of(tables.Runs.RunsOf(newest.Site, newest.Deployment, page.Before, page.Limit + 1), page.Limit, run => run.Number)
            : null,
        cancellationToken);

    /// <summary>
    /// Finds the deployment in progress, or else the one that ended last. If the caller names a deployer, finds the deployer's first deployment since the time,
    /// if there is one, so that a client that polls for its own deployment is not shown a later one.
    /// </summary>
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
            ? $"Deployment '{newest.Deployment}' has no run '{TextLimit.Cut(run, 40)}'. It has only run 1."
            : $"Deployment '{newest.Deployment}' has no run '{TextLimit.Cut(run, 40)}'. It has the runs 1 to {newest.Number}.");
}

/// <summary>The result of a search for a run.</summary>
/// <param name="Run">The run; null if it does not exist.</param>
/// <param name="IsNamed">Whether the caller named the run by its number. If so, its links name it too.</param>
/// <param name="Refusal">The response if the run does not exist.</param>
internal readonly record struct FoundRun(RunRecord? Run, bool IsNamed, IResult Refusal);

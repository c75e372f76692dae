using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    /// <summary>Reports that a deployment has begun, continues, or has ended. Its end fires the hooks.</summary>
    /// <param name="id">The id of the deployment: letters, digits, <c>. _ -</c>, at most 128 characters.</param>
    /// <param name="report">The report.</param>
    /// <param name="wait">True to wait until every first attempt of the event has ended, at most 10 seconds.</param>
    /// <param name="cancellationToken">Cancels the wait for the response; the report may have been accepted.</param>
    public async Task<Deployment> ReportAsync(string id, DeploymentReport report, bool wait = true, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Put, Path(id), Json(report, NyalaJson.Wire.DeploymentReport), cancellationToken, respondAsync: !wait).ConfigureAwait(false);
        Deployment deployment = await ReadAsync(response, NyalaJson.Wire.Deployment, cancellationToken).ConfigureAwait(false);
        return response.Headers.Contains("Nyala-Site-Created") ? deployment with { SiteIsNew = true } : deployment;
    }

    /// <summary>Lists the deployments of this client's site, or of every site, newest first.</summary>
    /// <param name="limit">The maximum number of entries to return; null for the server's default, 100.</param>
    /// <param name="before">Only deployments received before this time.</param>
    /// <param name="everyRun">True to list every run; otherwise each deployment is listed once, by its newest run.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<IReadOnlyList<Deployment>> ListDeploymentsAsync(
        int? limit = null, DateTimeOffset? before = null, bool everyRun = false, CancellationToken cancellationToken = default)
    {
        string[] query =
        [
            .. limit is { } most ? [$"limit={most}"] : Array.Empty<string>(),
            .. before is { } time ? [$"before={Uri.EscapeDataString(KuduTime.Format(time))}"] : Array.Empty<string>(),
            .. everyRun ? ["runs=all"] : Array.Empty<string>(),
        ];
        return ReadAsync(
            HttpMethod.Get, "deployments?" + string.Join('&', query), null, NyalaJson.Wire.IReadOnlyListDeployment, cancellationToken);
    }

    /// <summary>Lists the runs of a deployment, newest first.</summary>
    /// <param name="id">The id of the deployment.</param>
    /// <param name="limit">The maximum number of entries to return; null for the server's default, 100.</param>
    /// <param name="before">Only runs with a smaller number.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<IReadOnlyList<Deployment>> ListRunsAsync(string id, int? limit = null, int? before = null, CancellationToken cancellationToken = default)
    {
        string[] query =
        [
            .. limit is { } most ? [$"limit={most}"] : Array.Empty<string>(),
            .. before is { } number ? [$"before={number}"] : Array.Empty<string>(),
        ];
        return ReadAsync(HttpMethod.Get, $"{Path(id)}/runs?{string.Join('&', query)}", null, NyalaJson.Wire.IReadOnlyListDeployment, cancellationToken);
    }

    /// <summary>Reads one deployment.</summary>
    /// <param name="id">The id of the deployment.</param>
    /// <param name="run">The number of the run; null for the newest.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<Deployment> GetDeploymentAsync(string id, int? run = null, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Get, Path(id) + Query(run), null, NyalaJson.Wire.Deployment, cancellationToken);

    /// <summary>Reads the deployment in progress or, if there is none, the one that ended last.</summary>
    public Task<Deployment> GetLatestDeploymentAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Get, "deployments/latest", null, NyalaJson.Wire.Deployment, cancellationToken);

    /// <summary>Reads the log of a deployment.</summary>
    /// <param name="id">The id of the deployment.</param>
    /// <param name="run">The number of the run; null for the newest.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<IReadOnlyList<LogEntry>> GetLogAsync(string id, int? run = null, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Get, $"{Path(id)}/log{Query(run)}", null, NyalaJson.Wire.IReadOnlyListLogEntry, cancellationToken);

    /// <summary>Reads the details of a log entry whose <see cref="LogEntry.DetailsUrl"/> is not null.</summary>
    /// <param name="id">The id of the deployment.</param>
    /// <param name="entry">The entry's id.</param>
    /// <param name="run">The number of the run; null for the newest.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<IReadOnlyList<LogEntry>> GetLogDetailsAsync(string id, string entry, int? run = null, CancellationToken cancellationToken = default) =>
        ReadAsync(HttpMethod.Get, $"{Path(id)}/log/{Uri.EscapeDataString(entry)}{Query(run)}", null, NyalaJson.Wire.IReadOnlyListLogEntry, cancellationToken);

    /// <summary>Appends lines to the log of a deployment. An empty list is a heartbeat: it shows that the deployer is alive.</summary>
    /// <param name="id">The id of the deployment.</param>
    /// <param name="lines">The lines, oldest first.</param>
    /// <param name="run">The key of the run; null for the newest run.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task AppendLogAsync(string id, IReadOnlyList<LogLine> lines, string? run = null, CancellationToken cancellationToken = default)
    {
        string query = run is null ? "" : $"?run={Uri.EscapeDataString(run)}";
        (await SendAsync(HttpMethod.Post, $"{Path(id)}/log{query}", Json(lines, NyalaJson.Wire.IReadOnlyListLogLine), cancellationToken)
            .ConfigureAwait(false)).Dispose();
    }

    /// <summary>Removes a deployment and its log. The active deployment cannot be removed.</summary>
    public async Task RemoveDeploymentAsync(string id, CancellationToken cancellationToken = default) =>
        (await SendAsync(HttpMethod.Delete, Path(id), null, cancellationToken).ConfigureAwait(false)).Dispose();

    private static string Query(int? run) => run is { } number ? $"?run={number}" : "";

    private static string Path(string id) => $"deployments/{Uri.EscapeDataString(id)}";
}

using Nyala.Client;
using Nyala.Server.Deployments;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>
/// Cleans up, before the first request, what a server that was killed left: a deployment that was cut off is ended as failed and
/// fires, and its site runs what it ran before.
/// </summary>
internal sealed class Resumption(IStore store, Recorder recorder, SiteFolders folders, ILogger<Resumption> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (RunRecord run in await store.ReadAsync(tables => tables.Runs.Performing(), cancellationToken))
        {
            await EndAsync(run, cancellationToken);
        }

        foreach (SiteFolder folder in folders.All)
        {
            ClearWork(folder);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void ClearWork(SiteFolder folder)
    {
        try
        {
            SiteFolders.Remove(folder.Work);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            DeployingLog.NotPurged(logger, error, Path.GetFileName(folder.Path));
        }
    }

    private async Task EndAsync(RunRecord run, CancellationToken cancellationToken)
    {
        RunRecord? before = await store.ReadAsync(tables => tables.Runs.Performed(run.Site, limit: 1) is [RunRecord newest] ? newest : null, cancellationToken);
        try
        {
            Clear(run, before);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The server starts nevertheless: hooks of other sites wait for it.
            DeployingLog.NotCleared(logger, error, run.Site, run.Deployment);
        }

        var end = new ReportForm
        {
            Status = DeploymentStatus.Failed,
            StatusText = "The server went down before the deployment had ended.",
            Performed = true,
            Key = run.Key,
        };
        await recorder.ReportAsync(run.Site, run.Deployment, end, trace: null, TimeSpan.Zero, cancellationToken);
        DeployingLog.CutOff(logger, run.Site, run.Deployment);
    }

    private void Clear(RunRecord run, RunRecord? before)
    {
        SiteFolder folder = folders.Of(run.Site);
        Leftovers.End(folder.Source(run));
        string release = SiteFolder.ReleaseName(run);
        var releases = new Releases(folder);
        if (releases.Current == release)
        {
            releases.Restore(before is null ? null : SiteFolder.ReleaseName(before));
        }

        releases.Remove(release);
    }
}

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
            SiteFolders.Remove(folder.Work);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task EndAsync(RunRecord run, CancellationToken cancellationToken)
    {
        string release = SiteFolder.ReleaseName(run);
        var releases = new Releases(folders.Of(run.Site));
        if (releases.Current == release)
        {
            RunRecord? before = await store.ReadAsync(tables => tables.Runs.Performed(run.Site, limit: 1) is [RunRecord newest] ? newest : null, cancellationToken);
            releases.Restore(before is null ? null : SiteFolder.ReleaseName(before));
        }

        releases.Remove(release);
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
}

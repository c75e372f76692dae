using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>
/// Ends runs whose deployer has gone silent, so that a machine that died does not leave a deployment running forever. Silence counts from this server's
/// start at the earliest, so that an outage of the server fails no deployment.
/// </summary>
internal sealed class StaleRunReaper(IStore store, ReportRecorder recorder, TimeProvider clock, ILogger<StaleRunReaper> logger) : PeriodicService(TimeSpan.FromSeconds(5), clock)
{
    private const int Batch = 100;

    private readonly DateTimeOffset _start = clock.GetUtcNow();

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset now = Clock.GetUtcNow();
        foreach (RunRecord run in await store.ReadAsync(tables => tables.Runs.Silent(now, _start, Batch), stoppingToken))
        {
            if (await recorder.GiveUpAsync(run, stoppingToken))
            {
                DeploymentLog.GivenUp(logger, run.Site, run.Deployment, run.Number);
            }
        }
    }

    protected override void Failed(Exception error) => DeploymentLog.WatchFailed(logger, error);
}

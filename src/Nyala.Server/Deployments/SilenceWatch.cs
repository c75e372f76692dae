using Nyala.Server.Storage;

namespace Nyala.Server.Deployments;

/// <summary>
/// Ends runs whose deployer has gone silent: a machine that died must not leave a deployment running for ever. Silence
/// counts from this server's start at the earliest, so that an outage of the server fails nobody's deployment.
/// </summary>
internal sealed class SilenceWatch(IStore store, Recorder recorder, TimeProvider clock, ILogger<SilenceWatch> logger) : BackgroundService
{
    private const int Batch = 100;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly DateTimeOffset _start = clock.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        try
        {
            DateTimeOffset now = clock.GetUtcNow();
            foreach (RunRecord run in await store.ReadAsync(tables => tables.Runs.Silent(now, _start, Batch), stoppingToken))
            {
                if (await recorder.GiveUpAsync(run, stoppingToken))
                {
                    DeploymentLog.GivenUp(logger, run.Site, run.Deployment, run.Number);
                }
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            DeploymentLog.WatchFailed(logger, error);
        }
    }
}

namespace Nyala.Server;

/// <summary>A background service that does work at a fixed interval until the server stops. A failure is reported, and the next tick tries again.</summary>
/// <param name="interval">The time between two ticks. Ticks that occur while the work runs are merged into one.</param>
/// <param name="clock">The clock.</param>
/// <param name="atStart">Whether the work also runs when the service starts.</param>
internal abstract class PeriodicService(TimeSpan interval, TimeProvider clock, bool atStart = false) : BackgroundService
{
    protected TimeProvider Clock { get; } = clock;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, Clock);
        try
        {
            if (atStart)
            {
                await TryRunAsync(stoppingToken);
            }

            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryRunAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    /// <summary>Does the work once.</summary>
    protected abstract Task RunAsync(CancellationToken stoppingToken);

    /// <summary>Reports that the work failed.</summary>
    protected abstract void Failed(Exception error);

    private async Task TryRunAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception error) when (error is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            Failed(error);
        }
    }
}

namespace Nyala.Server.Storage;

/// <summary>
/// Tries a write each second while the store is in trouble. Whoever is asked for health would else hear of the trouble for as long as nobody
/// writes, and nobody writes to a server that says that it cannot.
/// </summary>
internal sealed class StoreProber(IStore store, TimeProvider clock, ILogger<StoreProber> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private bool _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task LookAsync()
    {
        StoreTrouble trouble = store.Condition.Trouble;
        try
        {
            if (trouble != StoreTrouble.None)
            {
                await store.WriteAsync(tables =>
                {
                    tables.Probe();
                    return true;
                });
            }

            if (_told)
            {
                StorageLog.Recovered(logger);
                _told = false;
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            if (!_told)
            {
                StorageLog.Troubled(logger, store.Condition.Trouble, error.Message);
                _told = true;
            }
        }
    }
}

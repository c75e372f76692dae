namespace Nyala.Server.Storage;

/// <summary>
/// Tries a write every second while the store is in trouble. A server that is not ready gets no requests, so nothing else would notice the recovery.
/// </summary>
internal sealed class StoreProber(IStore store, TimeProvider clock, ILogger<StoreProber> logger) : PeriodicService(TimeSpan.FromSeconds(1), clock)
{
    private bool _logged;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (store.Health.Fault != StoreFault.None)
        {
            await store.WriteAsync(tables =>
            {
                tables.Probe();
                return true;
            });
        }

        if (_logged)
        {
            StorageLog.Recovered(logger);
            _logged = false;
        }
    }

    protected override void Failed(Exception error)
    {
        if (!_logged)
        {
            StorageLog.Troubled(logger, store.Health.Fault, error.Message);
            _logged = true;
        }
    }
}

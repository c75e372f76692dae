namespace Nyala.Server.Access;

/// <summary>Writes once a minute which tokens were used, so that a request costs no write.</summary>
internal sealed class LastUseWriter(TokenCache tokens, TimeProvider clock, ILogger<LastUseWriter> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SaveAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The book writes what is left when it stops.
        }
    }

    private async Task SaveAsync()
    {
        try
        {
            await tokens.SaveUseAsync();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Nothing is lost: the next turn writes it.
            AccessLog.LastUseNotWritten(logger, error.Message);
        }
    }
}

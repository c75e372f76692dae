namespace Nyala.Server.Access;

/// <summary>Writes once a minute which tokens were used, so that a request costs no write. When the server stops, the cache itself writes the rest.</summary>
internal sealed class LastUseWriter(TokenCache tokens, TimeProvider clock, ILogger<LastUseWriter> logger) : PeriodicService(TimeSpan.FromMinutes(1), clock)
{
    protected override Task RunAsync(CancellationToken stoppingToken) => tokens.SaveUseAsync();

    protected override void Failed(Exception error) => AccessLog.LastUseNotWritten(logger, error.Message);
}

namespace Nyala.Server.Access;

/// <summary>Writes the last use of tokens once a minute, so that a request needs no write. When the server stops, the cache writes the rest.</summary>
internal sealed class LastUseWriter(TokenCache tokens, TimeProvider clock, ILogger<LastUseWriter> logger) : PeriodicService(TimeSpan.FromMinutes(1), clock)
{
    protected override Task RunAsync(CancellationToken stoppingToken) => tokens.SaveUseAsync();

    protected override void Failed(Exception error) => AccessLog.LastUseNotWritten(logger, error.Message);
}

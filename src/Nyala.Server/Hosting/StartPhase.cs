namespace Nyala.Server.Hosting;

/// <summary>
/// Knows whether the server has started. Until then whatever goes wrong is thrown to its starter, who tells it in one line,
/// so that what the frameworks log about it would only tell it again, with stack traces.
/// </summary>
internal sealed class StartPhase : IHostedLifecycleService
{
    private volatile bool _over;

    /// <summary>Whether a framework's message is worth a line.</summary>
    public bool Tells(LogLevel level) => level >= (_over ? LogLevel.Warning : LogLevel.Critical);

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _over = true;
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

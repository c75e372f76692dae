namespace Nyala.Server.Hosting;

/// <summary>
/// Knows whether the server has started. During the start, errors are thrown to the caller, which reports each in one line. The frameworks would log the same
/// errors again, with stack traces.
/// </summary>
internal sealed class StartPhase : IHostedLifecycleService
{
    private volatile bool _over;

    /// <summary>Whether a framework's message of this level is logged.</summary>
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

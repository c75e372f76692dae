using System.Collections.Concurrent;

namespace Nyala.Server.Deploying;

/// <summary>
/// Ends deployments when the server stops: commands are ended at once, and the stop waits until the ends are recorded. Requests
/// that wait for a deployment thereby end as well.
/// </summary>
internal sealed class Shutdown(IHostApplicationLifetime lifetime) : IHostedLifecycleService
{
    /// <summary>The refusal of a deployment that had not begun.</summary>
    public const string Refusal = "The server is being stopped, and nothing was deployed. Send this again in a moment.";

    private readonly ConcurrentDictionary<Task, bool> _open = [];

    /// <summary>Cancelled when the server begins to stop.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Has the stop wait for this.</summary>
    public Task<T> Track<T>(Task<T> task)
    {
        _open[task] = true;
        _ = task.ContinueWith(ended => _open.TryRemove(ended, out _), TaskScheduler.Default);
        return task;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Without this, others would hear of the stop only after it has ended.
        lifetime.StopApplication();
        return Task.WhenAll(_open.Keys).WaitAsync(cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

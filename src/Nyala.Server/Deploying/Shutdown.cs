using System.Collections.Concurrent;

namespace Nyala.Server.Deploying;

/// <summary>
/// Ends deployments when the server stops: commands are ended at once, and the stop waits until the ends are recorded. Requests that wait for a deployment
/// therefore end as well.
/// </summary>
internal sealed class Shutdown(IHostApplicationLifetime lifetime) : IHostedLifecycleService
{
    /// <summary>The refusal of a deployment that had not begun when the server stopped.</summary>
    public const string Refusal = "The server is stopping. Nothing was deployed. Try again shortly.";

    private readonly ConcurrentDictionary<Task, bool> _open = [];

    /// <summary>Canceled when the server begins to stop.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Makes the stop wait for a task.</summary>
    public Task<T> Track<T>(Task<T> task)
    {
        _open[task] = true;
        _ = task.ContinueWith(ended => _open.TryRemove(ended, out _), TaskScheduler.Default);
        return task;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        // The host signals the stop only after this method has returned, but the deployments end only on that signal.
        lifetime.StopApplication();
        return Task.WhenAll(_open.Keys).WaitAsync(cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

namespace Nyala.Server.Hosting;

/// <summary>
/// Leaves the process's signals to whoever runs the server. The host would hear them only once it has begun to start, and break its start off in the middle.
/// </summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

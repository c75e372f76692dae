namespace Nyala.Server.Hosting;

/// <summary>
/// Leaves signals to the program that runs the server. The default lifetime listens only from the middle of the start, and a signal that comes then aborts the start.
/// </summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

namespace Nyala.Server.Hosting;

/// <summary>
/// Leaves signals to the program that runs the server. The default lifetime starts to listen in the middle of the start, and a signal that arrives then aborts
/// the start.
/// </summary>
internal sealed class NoSignalLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

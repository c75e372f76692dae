namespace Nyala.Server.Delivery;

/// <summary>
/// Ends the lanes as soon as the server is told to stop. The silo would end them too, but only after all requests have completed, and only a few hundred at a
/// time, each with its own time-out, while the others continue.
/// </summary>
internal sealed class LaneStop(ActiveLanes lanes, DeliveryOptions options, IHostApplicationLifetime lifetime) : IHostedService
{
    private Task _stopped = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => _stopped = lanes.StopAsync(options.StopTimeout));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stopped;
}

using System.Net;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace Nyala.Server.Hosting;

/// <summary>
/// Runs Orleans on one node, as a silo that talks to no other. Its listeners are replaced by listeners that never bind, so there is no port to find, to protect
/// or to reach it through.
/// </summary>
internal static class SingleNode
{
    // The silo's name for itself. Nothing listens on this port.
    private const int NominalPort = 11111;

    public static IHostApplicationBuilder AddSingleNode(this IHostApplicationBuilder builder)
    {
        // Registered first, so that it takes precedence: the silo's own timers use real time even if tests control the server's clock.
        builder.Services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(NominalPort, gatewayPort: 0, serviceId: "nyala", clusterId: "nyala")

            // Every grain is on this node, so there are no locations to cache.
            .Configure<GrainDirectoryOptions>(directory => directory.CachingStrategy = GrainDirectoryOptions.CachingStrategyType.None));

        ServiceDescriptor[] listeners = [.. builder.Services.Where(service => service.IsKeyedService && service.ServiceType == typeof(IConnectionListenerFactory))];
        foreach (ServiceDescriptor listener in listeners)
        {
            builder.Services.Remove(listener);
            builder.Services.AddKeyedSingleton<IConnectionListenerFactory, NullListenerFactory>(listener.ServiceKey);
        }

        return builder;
    }

    private sealed class NullListenerFactory : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IConnectionListener>(new NullListener(endpoint));
    }

    private sealed class NullListener(EndPoint endpoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endpoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => new(_end.Task);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _end.TrySetResult(null);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}

using System.Net;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace Nyala.Server.Hosting;

/// <summary>
/// Orleans on one node: a silo that speaks to nobody. Its listeners are replaced by ones that never bind, so there is no
/// port to find, to guard or to be reached through.
/// </summary>
internal static class SingleNode
{
    // Names the silo to itself. Nothing listens there.
    private const int NominalPort = 11111;

    public static IHostApplicationBuilder AddSingleNode(this IHostApplicationBuilder builder)
    {
        // Registered first, so that it stands: the silo's own timers keep real time where tests drive ours.
        builder.Services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(NominalPort, gatewayPort: 0, serviceId: "nyala", clusterId: "nyala")

            // Every grain is on this node, so there is no location to remember.
            .Configure<GrainDirectoryOptions>(directory => directory.CachingStrategy = GrainDirectoryOptions.CachingStrategyType.None));

        ServiceDescriptor[] listeners = [.. builder.Services.Where(service => service.IsKeyedService && service.ServiceType == typeof(IConnectionListenerFactory))];
        foreach (ServiceDescriptor listener in listeners)
        {
            builder.Services.Remove(listener);
            builder.Services.AddKeyedSingleton<IConnectionListenerFactory, DeafListenerFactory>(listener.ServiceKey);
        }

        return builder;
    }

    private sealed class DeafListenerFactory : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IConnectionListener>(new DeafListener(endpoint));
    }

    private sealed class DeafListener(EndPoint endpoint) : IConnectionListener
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

using System.Net;

namespace Nyala.Server.Outbound;

internal static class OutboundSetup
{
    /// <summary>Adds the sender and the address guard.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="options">The section's options, validated.</param>
    /// <param name="localOnly">Whether the server listens on loopback alone: then its own networks are open to hooks.</param>
    public static IServiceCollection AddOutbound(this IServiceCollection services, OutboundOptions options, bool localOnly) => services
        .AddSingleton(options)
        .AddSingleton(new AddressGuard(privateOpen: localOnly, options.Allow.Select(IPNetwork.Parse)))
        .AddSingleton<Sender>();
}

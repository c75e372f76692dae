using Nyala.Server.Outbound.Channels.Http;

namespace Nyala.Server.Outbound;

internal static class OutboundSetup
{
    /// <summary>Adds the channels, the downloader and the address guard.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="options">The validated options of the section.</param>
    /// <param name="localOnly">Whether the server listens only on loopback, so that hooks may reach loopback and private networks.</param>
    public static IServiceCollection AddOutbound(this IServiceCollection services, OutboundOptions options, bool localOnly) => services
        .AddSingleton(options)
        .AddSingleton(options.Proxy.Length > 0 ? AddressGuard.ForProxy : new AddressGuard(ownOpen: localOnly, options.Allowed))
        .AddSingleton<OutboundInstruments>()
        .AddSingleton<IResolver, SystemResolver>()
        .AddSingleton<Downloader>()
        .AddSingleton<HttpChannel>();
}

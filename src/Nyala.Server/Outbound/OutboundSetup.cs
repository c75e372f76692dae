namespace Nyala.Server.Outbound;

internal static class OutboundSetup
{
    /// <summary>Adds the sender, the downloader and the address guard.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="options">The section's options, validated.</param>
    /// <param name="localOnly">Whether the server listens on loopback alone: then its own networks are open to hooks.</param>
    public static IServiceCollection AddOutbound(this IServiceCollection services, OutboundOptions options, bool localOnly) => services
        .AddSingleton(options)
        .AddSingleton(options.Proxy.Length > 0 ? AddressGuard.LeftToProxy : new AddressGuard(ownOpen: localOnly, options.Allowed))
        .AddSingleton<OutboundInstruments>()
        .AddSingleton<IResolver, SystemResolver>()
        .AddSingleton<Downloader>()
        .AddSingleton<Sender>();
}

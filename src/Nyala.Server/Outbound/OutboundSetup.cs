using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Server.Outbound.Channels.Mail;

namespace Nyala.Server.Outbound;

internal static class OutboundSetup
{
    /// <summary>Adds the channels, the downloader and the address guard.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="options">The validated options of the section.</param>
    /// <param name="channels">The validated options of the accounts.</param>
    /// <param name="localOnly">Whether the server listens only on loopback, so that hooks may reach loopback and private networks.</param>
    public static IServiceCollection AddOutbound(this IServiceCollection services, OutboundOptions options, ChannelOptions channels, bool localOnly) => services
        .AddSingleton(options)
        .AddSingleton(options.Proxy.Length > 0 ? AddressGuard.ForProxy : new AddressGuard(ownOpen: localOnly, options.Allowed))
        .AddSingleton<OutboundInstruments>()
        .AddSingleton<IResolver, SystemResolver>()
        .AddSingleton<Downloader>()
        .AddSingleton(channels)
        .AddSingleton<Destinations>()
        .AddSingleton<HttpChannel>()
        .AddSingleton(provider => new MailChannel(channels.Mail, provider.GetRequiredService<TimeProvider>()));
}

namespace Nyala.Server.Channels;

internal static class ChannelsSetup
{
    public static IServiceCollection AddChannels(this IServiceCollection services) => services.AddSingleton<ChannelTester>();
}

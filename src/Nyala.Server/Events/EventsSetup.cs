namespace Nyala.Server.Events;

internal static class EventsSetup
{
    public static IServiceCollection AddEvents(this IServiceCollection services) => services
        .AddSingleton<FilterCache>()
        .AddSingleton<EventsInstruments>()
        .AddSingleton<Publisher>();
}

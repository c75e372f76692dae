namespace Nyala.Server.Events;

internal static class EventsSetup
{
    public static IServiceCollection AddEvents(this IServiceCollection services) => services
        .AddSingleton<Filters>()
        .AddSingleton<EventsInstruments>()
        .AddSingleton<Publisher>();
}

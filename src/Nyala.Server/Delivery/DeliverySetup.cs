using Nyala.Server.Events;
using Nyala.Server.Hooks;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

internal static class DeliverySetup
{
    /// <summary>Adds the services that the lanes share. The outcome writer starts before the lanes and stops after them.</summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services, DeliveryOptions options) => services
        .AddSingleton(options)
        .AddSingleton(new RetrySchedule(options.RetrySchedule))
        .AddSingleton(new Breaker(options))
        .AddSingleton(_ => new AttemptSlots(options.InFlightPerNode))
        .AddSingleton<AccountLimits>()
        .AddSingleton<FirstAttempts>()
        .AddSingleton<HeldOutcomes>()
        .AddSingleton<DeliveryInstruments>()
        .AddSingleton<ITargets, Targets>()
        .AddSingleton<Epochs>()
        .AddSingleton<LaneWaker>()
        .AddSingleton(provider => new ActiveLanes(provider.GetRequiredService<IChangeFeed>()))
        .AddSingleton<LaneParts>()
        .AddSingleton<IDispatcher, Dispatcher>()
        .AddSingleton<Disabler>()
        .AddSingleton<DeliveryView>()
        .AddSingleton<Pinger>()
        .AddSingleton<IHandshake, Handshaker>()
        .AddSingleton<Previewer>()
        .AddSingleton<OutcomeWriter>()
        .AddHostedService(provider => provider.GetRequiredService<OutcomeWriter>());

    /// <summary>Adds the services that start after the lanes can be reached, and stop before the lanes do.</summary>
    public static IServiceCollection AddRescue(this IServiceCollection services) => services
        .AddHostedService<LaneStop>()
        .AddHostedService<ClockWatch>()
        .AddHostedService<Rescuer>()
        .AddHostedService<Pruner>();
}

using System.Diagnostics.Metrics;

namespace Nyala.Server.Telemetry;

internal static class TelemetrySetup
{
    /// <summary>Adds the services that collect the instruments and spans of all rooms.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="options">The validated options of the section.</param>
    /// <param name="meter">The server's meter, which is disposed with the services.</param>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetryOptions options, Meter meter)
    {
        services
            .AddSingleton(_ => meter)
            .AddSingleton(options)
            .AddSingleton<Metering>()
            .AddSingleton<MetricsPage>();
        return options.IsSent ? services.AddHostedService<CollectorExport>() : services;
    }

    public static void MapMetrics(this IEndpointRouteBuilder app, TelemetryOptions options)
    {
        if (options.Metrics)
        {
            MetricsPage.Map(app);
        }
    }
}
